package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node without access control: items A07 and A08. */
@ExtendWith(SharedRegistry.class)
class AccessWireIT {

    private static final String TOKEN = "a.b.c";

    private final RegistryProcess server;
    private final Http http;

    AccessWireIT(RegistryProcess server) {
        this.server = server;
        this.http = new Http(server);
    }

    @Test
    void a07ALoginThatFailsIsNo200() {
        HttpResponse<String> answer = http.post("/v1/auth/users/login?username=u", "password=wrong&");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("user not found!");
    }

    @Test
    void a08AnyTokenIsAsGoodAsNone() {
        String service = Unique.name("svc");
        try (Naming client = Naming.on(server.port())) {
            String body = client.body(service, "type", "registerInstance", "instance", Naming.instance("10.0.0.1", 1));

            ok(
                    "InstanceResponse",
                    client.connection().request("InstanceRequest", body, Map.of("accessToken", TOKEN, "app", "x")));
            assertThat(client.query(service).addresses()).containsExactly("10.0.0.1:1");
            assertThat(http.send("GET", "/v1/ns/instance/list", "serviceName", "G1@@" + service, "accessToken", TOKEN))
                    .contains("\"10.0.0.1\"");
        }
    }
}
