package io.registry.server.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowanceTest {

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.1.2.0/23, 10.1.3.255, true",
        "10.1.2.0/23, 10.1.4.0, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 169.254.169.254, false",
        "fd00::/8, fd12::1, true",
        "fd00::/8, fe80::1, false",
        "fd00::/8, 10.0.0.1, false",
    })
    void networksHoldTheirAddresses(String network, String address, boolean allowed) throws Exception {
        assertThat(AllowedNetworks.of(List.of(network)).allows(address(address)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0", "::"})
    void someAddressesAreNeverAsked(String address) throws Exception {
        assertThat(AllowedNetworks.of(List.of()).allows(address(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "example.org/8", "", "/8", "fd00::/129"})
    void whatIsNoNetworkIsRefused(String text) {
        assertThatThrownBy(() -> AllowedNetworks.of(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text)
                .hasMessageContaining("10.0.0.0/8");
    }

    @Test
    void onlyHeadersOfTheListAreRead() {
        CheckHeaders headers = new CheckHeaders(List.of("Accept", "x-*"));

        assertThat(headers.read("accept: a |X-One:1|Host:evil|x-two:2:3|:none|x-three:a\r\nEvil|x four:4|x-:"))
                .containsExactly(Map.entry("accept", "a"), Map.entry("X-One", "1"), Map.entry("x-", ""));
    }
}
