package io.registry.server.raft;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.PersistentChange;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A log of one member over a directory, with a loop and threads of its own. */
final class LogFixture implements AutoCloseable {

    static final ServiceKey SERVICE = new ServiceKey("public", "DEFAULT_GROUP", "orders");

    /** A member that stands alone. */
    static final ClusterMember NODE = new ClusterMember(new NodeId("node-1"), "127.0.0.1:8848", "127.0.0.1:9849", "");

    final PersistentStore store = new PersistentStore();
    final List<PersistentChange> changes = new CopyOnWriteArrayList<>();
    final List<String> unusable = new CopyOnWriteArrayList<>();
    final RaftLog log;

    private final ScheduledExecutorService loopThread = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService blocking = Executors.newSingleThreadExecutor();
    private final ExecutorService peers = Executors.newCachedThreadPool();

    private LogFixture(RaftConfig config) throws IOException {
        RegistryLoop loop = new RegistryLoop(loopThread, 100_000);
        log = new RaftLog(config, loop, store, changes::add, blocking, peers, unusable::add);
    }

    static RaftConfig config(Path directory) {
        return new RaftConfig(directory, "test", NODE, 0, 20_000, null);
    }

    /** Opens a log and waits until it is loaded. */
    static LogFixture open(RaftConfig config) {
        LogFixture fixture;
        try {
            fixture = new LogFixture(config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            fixture.log.start().orTimeout(60, TimeUnit.SECONDS).join();
            return fixture;
        } catch (RuntimeException e) {
            fixture.close();
            throw e;
        }
    }

    static LogFixture open(Path directory) {
        return open(config(directory));
    }

    /** Proposes a command and waits for the answer. */
    void propose(PersistentCommand command) {
        log.propose(command)
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** Puts bytes into the log that are no command of this server. */
    void submitRaw(byte[] entry) throws IOException {
        var unused = log.member().submit(entry);
    }

    /** Registers instances on the given ports, many at once. */
    void register(int firstPort, int count) throws InterruptedException {
        Semaphore inFlight = new Semaphore(64);
        CompletableFuture<?>[] answers = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            inFlight.acquire();
            answers[i] = log.propose(put(firstPort + i))
                    .whenComplete((answer, failure) -> inFlight.release())
                    .toCompletableFuture();
        }
        CompletableFuture.allOf(answers).orTimeout(60, TimeUnit.SECONDS).join();
    }

    static PersistentCommand put(int port) {
        Instance instance = Instance.builder("10.0.0.1", port).ephemeral(false).build();
        return new PersistentCommand.PutInstance(SERVICE, instance);
    }

    PersistentState state() {
        return store.state();
    }

    /** Returns the files of the log below a directory. */
    static List<Path> files(Path directory, String beginning) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith(beginning))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        log.close();
        blocking.shutdownNow();
        peers.shutdownNow();
        loopThread.shutdownNow();
    }
}
