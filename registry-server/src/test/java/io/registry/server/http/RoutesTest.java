package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RoutesTest {

    private static final Handler ANY = call -> Answer.OK;

    private final Routes routes = new Routes()
            .add("GET", "/v1/ns/instance", Access.OPEN, Dialect.NAMING_V1, ANY)
            .add("POST", "/v1/ns/instance", Access.OPEN, Dialect.NAMING_V1, ANY)
            .add("GET", "/prometheus/namespaceId/{}", Access.OPEN, Dialect.CONSOLE_V1, ANY)
            .add("GET", "/prometheus/namespaceId/{}/service/{}", Access.OPEN, Dialect.CONSOLE_V1, ANY);

    @Test
    void exactPathsAreFoundWithAllTheirMethods() {
        assertThat(routes.at("/v1/ns/instance")).containsOnlyKeys("GET", "POST");
        assertThat(routes.at("/v1/ns/instance/x")).isEmpty();
        assertThat(routes.at("/v1/ns")).isEmpty();
    }

    @Test
    void aFreeSegmentStandsForOneSegment() {
        assertThat(routes.at("/prometheus/namespaceId/public")).containsOnlyKeys("GET");
        assertThat(routes.at("/prometheus/namespaceId/public/service/a%20b")).containsOnlyKeys("GET");
        assertThat(routes.at("/prometheus/namespaceId/public/service")).isEmpty();
        assertThat(routes.at("/prometheus/namespaceId")).isEmpty();
    }

    @Test
    void aMappingCannotBeAddedTwice() {
        assertThatThrownBy(() -> routes.add("GET", "/v1/ns/instance", Access.OPEN, Dialect.NAMING_V1, ANY))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void segmentsAreDecoded() {
        HttpCall call =
                new HttpCall("GET", "/a/b%40%40c+d/e", HttpParams.parse(null, new byte[0]), name -> null, "127.0.0.1");

        assertThat(call.segment(0)).isEqualTo("a");
        assertThat(call.segment(1)).isEqualTo("b@@c+d");
        assertThat(call.segment(2)).isEqualTo("e");
    }
}
