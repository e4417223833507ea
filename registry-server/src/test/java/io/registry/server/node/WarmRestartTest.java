package io.registry.server.node;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.operate.BeatAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmRestartTest {

    private static final Duration LEASE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final ServiceKey orders = service("orders");

    @Test
    void aRestartedNodeShowsWhatItKnewUntilTheLeaseEnds() throws IOException {
        CoreFixture before = new CoreFixture();
        register(before.connect("old"), before, 80);
        keeper(before).writeNow();

        CoreFixture after = new CoreFixture();
        after.start(keeper(after).load());
        assertThat(after.shown(orders)).containsExactly("10.0.0.1:80");
        after.time.advance(LEASE.minusMillis(1));
        assertThat(after.shown(orders)).containsExactly("10.0.0.1:80");
        after.time.advance(Duration.ofMillis(2));

        assertThat(after.shown(orders)).isEmpty();
    }

    @Test
    void aClientThatComesBackTakesOverAndStays() throws IOException {
        CoreFixture before = new CoreFixture();
        register(before.connect("old"), before, 80);
        keeper(before).writeNow();
        CoreFixture after = new CoreFixture();
        after.start(keeper(after).load());

        register(after.connect("new"), after, 80);
        assertThat(after.shown(orders)).containsExactly("10.0.0.1:80");
        after.time.advance(LEASE.plusSeconds(1));

        assertThat(after.shown(orders)).containsExactly("10.0.0.1:80");
    }

    @Test
    void aClientThatComesBackAndDeregistersIsGoneAtOnce() throws IOException {
        CoreFixture before = new CoreFixture();
        register(before.connect("old"), before, 80);
        keeper(before).writeNow();
        CoreFixture after = new CoreFixture();
        after.start(keeper(after).load());

        CoreFixture.Receiver client = after.connect("new");
        register(client, after, 80);
        after.operators
                .connections()
                .deregister(CoreFixture.CALLER, client.client, orders)
                .toCompletableFuture()
                .join();

        assertThat(after.shown(orders)).isEmpty();
    }

    @Test
    void aBeatOfAnInstanceThatWasKeptKeepsItAndAsksItToRegister() throws IOException {
        CoreFixture before = new CoreFixture();
        before.operators
                .instances()
                .register(CoreFixture.CALLER, orders, instance("10.0.0.1", 80))
                .toCompletableFuture()
                .join();
        keeper(before).writeNow();
        CoreFixture after = new CoreFixture();
        after.start(keeper(after).load());

        BeatAnswer answer = after.operators
                .instances()
                .beat(CoreFixture.CALLER, orders, "10.0.0.1", 80, null)
                .toCompletableFuture()
                .join();

        assertThat(answer.code()).isEqualTo(BeatAnswer.REGISTER);
        assertThat(after.shown(orders)).containsExactly("10.0.0.1:80");
    }

    @Test
    void aDamagedFileIsSetAsideAndTheStartGoesOn() throws IOException {
        CoreFixture before = new CoreFixture();
        register(before.connect("old"), before, 80);
        keeper(before).writeNow();
        Path file = directory.resolve("ephemeral.snapshot");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        CoreFixture after = new CoreFixture();
        after.start(keeper(after).load());

        assertThat(after.shown(orders)).isEmpty();
        assertThat(directory.resolve("ephemeral.snapshot.damaged")).exists();
        assertThat(file).doesNotExist();
    }

    @Test
    void aFileThatIsCutOffAnywhereIsSetAside() throws IOException {
        CoreFixture before = new CoreFixture();
        register(before.connect("old"), before, 80);
        keeper(before).writeNow();
        Path file = directory.resolve("ephemeral.snapshot");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            CoreFixture after = new CoreFixture();
            after.start(keeper(after).load());

            assertThat(after.shown(orders)).isEmpty();
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void aFileOlderThanTheLeaseIsPassedOver() throws IOException {
        CoreFixture before = new CoreFixture();
        register(before.connect("old"), before, 80);
        keeper(before).writeNow();
        CoreFixture after = new CoreFixture();
        after.time.advance(LEASE.plusSeconds(1));

        after.start(keeper(after).load());

        assertThat(after.shown(orders)).isEmpty();
    }

    private WarmRestart keeper(CoreFixture core) {
        return new WarmRestart(
                directory, Duration.ofSeconds(10), LEASE, core.loop, core.time, core.distro, Runnable::run);
    }

    private void register(CoreFixture.Receiver client, CoreFixture core, int port) {
        core.operators
                .connections()
                .register(CoreFixture.CALLER, client.client, orders, instance("10.0.0.1", port))
                .toCompletableFuture()
                .join();
    }
}
