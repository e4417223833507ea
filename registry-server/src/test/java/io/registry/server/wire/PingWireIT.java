package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pings of the transport, with nothing else on it: item C28. */
class PingWireIT {

    /** Clients ping every six minutes; this is more often than the library allows by itself. */
    private static final Duration EVERY = Duration.ofSeconds(61);

    @Test
    @Tag("long")
    void c28PingsAreAnsweredAndNotTakenForAnAttack() {
        try (RegistryProcess server = RegistryProcess.start("--registry.connection.idle-probe-after=1h");
                SdkConnection connection = SdkConnection.openPinging(EVERY, server.port())) {
            connection.check();
            connection.setup(SdkConnection.SETUP);
            connection.awaitPush("SetupAckRequest");

            // Two pings too many are forgiven and the third ends the connection, so five are to be seen.
            assertThat(connection.pushes().poll(EVERY.multipliedBy(5).plusSeconds(20), any -> true))
                    .isNull();

            assertThat(connection.ended()).isFalse();
            ok("HealthCheckResponse", connection.healthCheck());
        }
    }
}
