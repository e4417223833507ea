package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestPathTest {

    private static @Nullable String below(String uri) {
        return RequestPath.below(uri, "/nacos".length());
    }

    @Test
    void theContextPathAndOneTrailingSlashAreTakenOff() {
        assertThat(below("/nacos/v1/ns/instance")).isEqualTo("/v1/ns/instance");
        assertThat(below("/nacos/v1/ns/instance/")).isEqualTo("/v1/ns/instance");
        assertThat(below("/nacos/")).isEqualTo("/");
        assertThat(below("/nacos/v1/ns/a%40b")).isEqualTo("/v1/ns/a%40b");
    }

    @Test
    void whatARouterAndAFilterCouldReadDifferentlyIsRefused() {
        for (String uri : new String[] {
            "/nacos//v1/ns",
            "/nacos/v1;x=1/ns",
            "/nacos/v1/../v2",
            "/nacos/./v1",
            "/nacos/v1%2fns",
            "/nacos/v1%2Fns",
            "/nacos/v1%5cns",
            "/nacos/v1\\ns",
            "/nacos/v1/ns//"
        }) {
            assertThat(below(uri)).as(uri).isNull();
        }
    }
}
