package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static io.registry.server.wire.WireAssert.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node that is given more commands than may wait refuses the rest, in the answer's own type, and keeps what it took. */
class OverloadIT {

    private static final Duration REFUSAL_MAX = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 16;
    private static final int AT_ONCE = 64;

    @Test
    void commandsBeyondTheQueueAreRefusedAndTheRestIsServed() throws Exception {
        try (RegistryProcess server =
                RegistryProcess.start("--registry.limits.loop-queue=16", "--registry.grpc.workers=16")) {
            List<Naming> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(Naming.on(server.port()));
            }
            List<Message> refusals = new ArrayList<>();
            long deadline = System.nanoTime() + REFUSAL_MAX.toNanos();
            for (int round = 1; refusals.isEmpty() && System.nanoTime() < deadline; round++) {
                for (Message answer : storm(clients, round)) {
                    if (answer.resultCode() != 200) {
                        refusals.add(answer);
                    }
                }
            }

            assertThat(refusals).as("refusals of a storm").isNotEmpty();
            for (Message refusal : refusals) {
                assertThat(refused("InstanceResponse", 503, refusal).text("message"))
                        .isEqualTo("commands waiting: 16 (expected: fewer; try again later)");
            }
            Naming last = clients.get(0);
            ok("InstanceResponse", last.register("after", "10.0.0.1", 1));
            assertThat(last.query("after").addresses()).containsExactly("10.0.0.1:1");
            assertThat(server.log()).doesNotContain("Exception");
            clients.stream().map(Naming::connection).forEach(SdkConnection::close);
        }
    }

    private static List<Message> storm(List<Naming> clients, int port) throws Exception {
        List<CompletableFuture<Message>> answers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            for (int client = 0; client < clients.size(); client++) {
                Naming naming = clients.get(client);
                String body = naming.body(
                        "storm-" + i,
                        "type",
                        "registerInstance",
                        "instance",
                        Naming.instance("10.0.1." + client, port));
                answers.add(naming.connection().requestAsync("InstanceRequest", body));
            }
        }
        List<Message> messages = new ArrayList<>();
        for (CompletableFuture<Message> answer : answers) {
            messages.add(answer.get(30, TimeUnit.SECONDS));
        }
        return messages;
    }
}
