package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.RegistryException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BeatTextTest {

    @Test
    void aBeatOfAJavaClientIsReadInFull() {
        BeatText beat = BeatText.parse(
                "{\"port\":8080,\"ip\":\"10.1.1.1\",\"weight\":2.0,\"serviceName\":\"g@@s\","
                        + "\"cluster\":\"c1\",\"metadata\":{\"k\":\"v\"},\"scheduled\":false,\"period\":5000,\"stopped\":false}");

        assertThat(beat).isEqualTo(new BeatText("10.1.1.1", 8080, "c1", 2.0, true, Map.of("k", "v")));
    }

    @Test
    void whatIsMissingHasItsDefault() {
        assertThat(BeatText.parse("{\"cluster\":\"\",\"metadata\":null,\"cpu\":{\"x\":[1]}}"))
                .isEqualTo(new BeatText(null, null, null, 1.0, true, Map.of()));
    }

    @Test
    void aNumberMayComeAsTextAndATruthToo() {
        assertThat(BeatText.parse("{\"port\":\"80\",\"weight\":\"3\",\"ephemeral\":\"false\"}"))
                .isEqualTo(new BeatText(null, 80, null, 3.0, false, Map.of()));
    }

    @Test
    void whatIsNoObjectOrHasAMemberOutOfRangeIsRefused() {
        for (String text : new String[] {"{not json", "[]", "1", "{\"metadata\":1}", "{\"weight\":\"x\"}"}) {
            assertThatThrownBy(() -> BeatText.parse(text)).as(text).isInstanceOf(RegistryException.class);
        }
        for (String text : new String[] {"{\"port\":65536}", "{\"port\":\"x\"}", "{\"ip\":\"a b\"}"}) {
            assertThatThrownBy(() -> BeatText.parse(text)).as(text).isInstanceOf(Refused.class);
        }
    }
}
