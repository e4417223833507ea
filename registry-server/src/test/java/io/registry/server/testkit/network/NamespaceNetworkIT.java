package io.registry.server.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.registry.server.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two hosts on a network that is broken and healed, and are asked for an echo meanwhile. */
class NamespaceNetworkIT {

    private static final int WAIT_MILLIS = 500;

    @SuppressWarnings("NullAway.Init")
    private static NamespaceNetwork network;

    @SuppressWarnings("NullAway.Init")
    private static Place first;

    @SuppressWarnings("NullAway.Init")
    private static Place second;

    @BeforeAll
    static void open() {
        try {
            network = NamespaceNetwork.open();
        } catch (IllegalStateException e) {
            abort(String.valueOf(e.getMessage()));
        }
        first = network.add();
        second = network.add();
    }

    @AfterAll
    static void close() {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void unpluggedHostIsReachedByNobodyUntilItIsHealed() {
        assertThat(reaches(first)).isTrue();

        network.unplug(0);
        assertThat(reaches(first)).isFalse();
        assertThat(reaches(second)).isTrue();
        network.heal();

        // The systems on both ends have to find each other again.
        Await.until("an answer", Duration.ofSeconds(5), () -> reaches(first));
    }

    @Test
    void hostThatLosesEverythingAnswersNothing() {
        network.lose(1, 100);
        assertThat(reaches(second)).isFalse();
        assertThat(reaches(first)).isTrue();

        network.heal();
        assertThat(reaches(second)).isTrue();
    }

    @Test
    void deafHostHearsOthersButNotTheOneItIsDeafTo() {
        assertThat(answers(first, second)).contains("Connection refused");

        network.deafen(0, 1);
        assertThat(answers(first, second)).doesNotContain("Connection refused");
        assertThat(reaches(first)).as("from elsewhere").isTrue();
        network.heal();

        assertThat(answers(first, second)).contains("Connection refused");
    }

    @Test
    void slowHostIsReached() {
        network.slow(0, Duration.ofMillis(50));
        assertThat(reaches(first)).isTrue();
        network.heal();
    }

    @Test
    void whatIsNoNodeIsRefused() {
        assertThatThrownBy(() -> network.unplug(7)).hasMessage("node: 7 (expected: 0..1)");
        assertThatThrownBy(() -> network.lose(0, 101)).hasMessage("percent: 101 (expected: 0..100)");
    }

    private static boolean reaches(Place place) {
        try {
            return InetAddress.getByName(place.host()).isReachable(WAIT_MILLIS);
        } catch (IOException e) {
            return false;
        }
    }

    /** Connects from one host to a port of the other one where nobody listens. */
    private static String answers(Place from, Place to) {
        List<String> connect = List.of("timeout", "1", "bash", "-c", "echo >/dev/tcp/" + to.host() + "/9");
        return Commands.refusal(from.command(connect).toArray(String[]::new));
    }
}
