package io.registry.server.sdk;

import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.server.testkit.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;

/** Threads that choose an instance and call it, again and again. */
final class Callers implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLongArray begun;
    private final List<Thread> threads = new ArrayList<>();

    /** Starts threads, which share some clients between them. */
    Callers(List<NamingService> clients, String service, int count) {
        begun = new AtomicLongArray(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            NamingService naming = clients.get(i % clients.size());
            Thread thread = new Thread(
                    () -> {
                        while (!over.get()) {
                            begun.incrementAndGet(number);
                            call(naming, service);
                        }
                    },
                    "caller-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void call(NamingService naming, String service) {
        Instance chosen = naming.selectOneHealthyInstance(service);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(chosen.ip(), chosen.port()), 5_000);
            if (socket.getInputStream().read() != 1) {
                failures.add(chosen.address() + " ended without an answer");
            }
        } catch (IOException e) {
            failures.add(chosen.address() + ": " + e);
        }
    }

    /** Waits until every thread has ended the call that it was in, and another one. */
    void awaitCallsBegunSince() {
        long[] before = new long[begun.length()];
        for (int i = 0; i < before.length; i++) {
            before[i] = begun.get(i);
        }
        for (int i = 0; i < before.length; i++) {
            int number = i;
            Await.until("calls go on", SOON, () -> begun.get(number) >= before[number] + 2);
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        over.set(true);
        Await.until("the callers have ended", SOON, () -> threads.stream().noneMatch(Thread::isAlive));
    }
}
