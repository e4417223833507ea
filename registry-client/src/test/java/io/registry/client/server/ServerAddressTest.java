package io.registry.client.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, http, 10.0.0.1, 8848",
        "10.0.0.1:80, http, 10.0.0.1, 80",
        "registry.example:8849, http, registry.example, 8849",
        "https://registry.example, https, registry.example, 8848",
        "http://registry.example:1/nacos, http, registry.example, 1",
        "[::1]:8848, http, ::1, 8848",
        "::1, http, ::1, 8848",
        "[fe80::1], http, fe80::1, 8848"
    })
    void addressIsRead(String text, String scheme, String host, int port) {
        assertThat(ServerAddress.parse(text)).isEqualTo(new ServerAddress(scheme, host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":80", "host:", "host:0", "host:65536", "host:x", "ftp://host", "host:bar:1:a", "[host]:80:1"
            })
    void malformedAddressIsRefused(String text) {
        assertThatThrownBy(() -> ServerAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("serverAddr: " + text);
    }

    @Test
    void walkGoesRoundFromWhereItStarts() {
        List<ServerAddress> all = List.of(ServerAddress.parse("a"), ServerAddress.parse("b"), ServerAddress.parse("c"));
        Set<ServerAddress> starts = new HashSet<>();
        for (double start : new double[] {0, 0.4, 0.99}) {
            ServerList.Walk walk = new ServerList(all, start).walk();
            Set<ServerAddress> seen = new HashSet<>();
            starts.add(walk.current());
            for (int i = 0; i < 3; i++) {
                seen.add(walk.current());
                walk.next();
            }
            assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
        }
        assertThat(starts).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void emptyListHasNoServer() {
        ServerList.Walk walk = new ServerList(List.of(), 0.5).walk();

        walk.next();

        assertThat(walk.current()).isNull();
    }
}
