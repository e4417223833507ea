package io.registry.server.http.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.server.core.operate.Readiness;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Switches;
import io.registry.server.http.Answer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SwitchTableTest {

    private static void refused(String entry, String value, String text) {
        assertThatThrownBy(() -> SwitchTable.check(entry, value)).as(entry).hasMessage(text);
    }

    @Test
    void valuesAreRefusedInTheWordsOfTheProtocol() {
        refused("pushCacheMillis", "5000", "min cache time for http or tcp is too small(<10000)");
        refused("defaultCacheMillis", "500", "min default cache time  is too small(<1000)");
        refused("pushVersion", "java:1.x", "illegal version, must match: [0-9]+\\.[0-9]+\\.[0-9]+");
        refused("pushVersion", "1.0.0", "illegal version, must match: [0-9]+\\.[0-9]+\\.[0-9]+");
        refused("pushVersion", "rust:1.0.0", "unsupported client type: rust");
        refused("distroThreshold", "-1", "distroThreshold can not be zero or negative: -1.0");
        refused("httpHealthParams", "{\"max\":2999}", "max check time for http or tcp is too small(<3000)");
        refused("tcpHealthParams", "{\"min\":499}", "min check time for http or tcp is too small(<500)");
        refused("tcpHealthParams", "{\"factor\":1.5}", "malformed factor");
        refused("httpHealthParams", "zzz", "json param invalid.");
        refused("limitedUrlMap", "/x", "invalid input for limited urls");
        refused("limitedUrlMap", ":200", "url can not be empty, url: ");
        refused("limitedUrlMap", "/x:101", "illegal normal status code: 101");
        refused("clientBeatInterval", "x", "For input string: \"x\"");
    }

    @Test
    void whatIsAcceptedIsStoredInOneForm() {
        assertThat(SwitchTable.check("lightBeatEnabled", "Y"))
                .isEqualTo(new SwitchTable.Setting("lightBeatEnabled", "true"));
        assertThat(SwitchTable.check("pushEnabled", "Y")).isEqualTo(new SwitchTable.Setting("pushEnabled", "false"));
        assertThat(SwitchTable.check("pushVersion", "go:1.2.3"))
                .isEqualTo(new SwitchTable.Setting("pushGoVersion", "1.2.3"));
        assertThat(SwitchTable.check("limitedUrlMap", "")).isEqualTo(new SwitchTable.Setting("limitedUrlMap", ""));
        assertThat(SwitchTable.check("nosuch", "1")).isNull();
    }

    @Test
    void whatWasSetIsShown() {
        Switches switches = new Switches(new PersistentStore());
        switches.setHere("httpHealthParams", "{\"max\":3000,\"min\":500,\"factor\":0.85}");
        switches.setHere("limitedUrlMap", "/x:418");
        switches.setHere("masters", "a,b");

        assertThat(new String(SwitchTable.show(switches).toBytes(), StandardCharsets.UTF_8))
                .contains("\"httpHealthParams\":{\"max\":3000,\"min\":500,\"factor\":0.85}")
                .contains("\"limitedUrlMap\":{\"/x\":418}")
                .contains("\"masters\":[\"a\",\"b\"]")
                .contains("\"overriddenServerStatus\":null");
    }

    @Test
    void theGateFollowsStatusAndLimitsButNeverLocksItselfOut() {
        Switches switches = new Switches(new PersistentStore());
        Readiness readiness = new Readiness(switches::overriddenServerStatus);
        StatusGate gate = new StatusGate(readiness, switches);

        assertThat(refusal(gate, "GET", "/v1/ns/instance/list"))
                .isEqualTo("503 server is STARTINGnow, please try again later!");
        readiness.enter(Readiness.Phase.UP);
        assertThat(refusal(gate, "GET", "/v1/ns/instance/list")).isEmpty();

        switches.setHere("overriddenServerStatus", "READ_ONLY");
        assertThat(refusal(gate, "GET", "/v1/ns/instance/list")).isEmpty();
        assertThat(refusal(gate, "POST", "/v1/ns/instance"))
                .isEqualTo("503 server is READ_ONLYnow, please try again later!");

        switches.setHere("overriddenServerStatus", "DOWN");
        assertThat(refusal(gate, "GET", "/v2/ns/instance/list"))
                .isEqualTo("503 {\"code\":30000,\"message\":\"server error\","
                        + "\"data\":\"server is DOWNnow, please try again later!\"}");
        assertThat(refusal(gate, "PUT", "/v1/ns/operator/switches")).isEmpty();
        assertThat(refusal(gate, "GET", "/v1/console/health/liveness")).isEmpty();

        switches.setHere("overriddenServerStatus", "null");
        switches.setHere("limitedUrlMap", "/nacos/v1/ns/service/names:418");
        assertThat(refusal(gate, "GET", "/v1/ns/service/names")).isEqualTo("418 ");
        assertThat(refusal(gate, "GET", "/v1/ns/service/list")).isEmpty();
    }

    private static String refusal(StatusGate gate, String method, String path) {
        Answer answer = gate.refusal(method, "/nacos" + path, path);
        return answer == null ? "" : answer.status() + " " + new String(answer.head(), StandardCharsets.UTF_8);
    }
}
