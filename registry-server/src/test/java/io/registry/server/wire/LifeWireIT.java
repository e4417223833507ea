package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a connection sees of the server's own start and stop: items C25 and C29. */
class LifeWireIT {

    @Test
    void c25AStoppingServerTellsItsClientsToMove() {
        try (RegistryProcess server = RegistryProcess.start();
                Naming client = Naming.on(server.port())) {
            client.register("svc", "10.0.0.1", 1);
            Thread stopping = new Thread(server::stop, "stop");
            stopping.start();

            Message reset = client.connection().awaitPush("ConnectResetRequest");
            assertThat(reset.text("requestId")).isNotEmpty();
            assertThat(reset.body().required("module").asString()).isEqualTo("internal");
            client.connection().halfClose();
            Await.until("the server has stopped", Duration.ofSeconds(30), () -> !stopping.isAlive());
            assertThat(server.log()).doesNotContain("Exception");
        }
    }

    @Test
    void c29AStartingServerNeverAcceptsInSilence() {
        try (RegistryProcess server = RegistryProcess.start()) {
            server.stop();
            server.launch();
            AtomicInteger refused = new AtomicInteger();

            Await.until("a check that succeeds", Duration.ofSeconds(90), () -> {
                try (SdkConnection connection = SdkConnection.open(server.port())) {
                    Message answer = connection.check();
                    if (answer.type().equals("ErrorResponse")) {
                        assertThat(answer.errorCode()).isEqualTo(300);
                        refused.incrementAndGet();
                        return false;
                    }
                    ok("ServerCheckResponse", answer);
                    connection.setup(SdkConnection.SETUP);
                    connection.awaitPush("SetupAckRequest");
                    ok("HealthCheckResponse", connection.healthCheck());
                    return true;
                } catch (StatusRuntimeException e) {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    refused.incrementAndGet();
                    return false;
                }
            });
            assertThat(refused.get()).as("checks before the server was there").isPositive();
            server.awaitReady();
        }
    }
}
