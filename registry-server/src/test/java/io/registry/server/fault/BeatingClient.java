package io.registry.server.fault;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client of HTTP alone, as a script is: it beats every second, registers what a node does not know, and asks another node
 * when the one it asked fails.
 *
 * <p><b>Threading</b>: any thread may call. One thread of its own says everything.
 */
final class BeatingClient implements Participant {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(4);
    private static final String INSTANCE = "/v1/ns/instance";
    private static final long PAUSE_MILLIS = 1_000;

    /** What an instance of this client is to become. */
    private enum Wish {
        REGISTERED,
        KEPT,
        GONE
    }

    private final List<String> addresses;
    private final NodeCalls calls;
    private final Map<Held, Wish> wishes = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;
    private volatile int node;

    private record Held(String service, String ip, int port) {}

    /** @param addresses of the nodes; the first one is the first to be asked */
    BeatingClient(List<String> addresses, NodeCalls calls) {
        this.addresses = List.copyOf(addresses);
        this.calls = calls;
        this.thread = new Thread(this::beat, "beating-client");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void register(String service, String ip, int port) {
        wishes.put(new Held(service, ip, port), Wish.REGISTERED);
    }

    @Override
    public void deregister(String service, String ip, int port) {
        wishes.put(new Held(service, ip, port), Wish.GONE);
    }

    @Override
    public void follow(String service) {
        // It asks when it wants to know.
    }

    @Override
    public Set<String> known(String service) {
        try {
            return calls.shown(addresses.get(node), service);
        } catch (AssertionError e) {
            node = (node + 1) % addresses.size();
            return new TreeSet<>();
        }
    }

    @Override
    public String toString() {
        return "beating client at " + addresses.get(node);
    }

    @Override
    public void close() {
        end.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void beat() {
        try {
            while (!end.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                wishes.forEach(this::fulfil);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fulfil(Held held, Wish wish) {
        switch (wish) {
            case REGISTERED -> {
                if (!ask("POST", INSTANCE, held).isEmpty()) {
                    wishes.replace(held, Wish.REGISTERED, Wish.KEPT);
                }
            }
            case KEPT -> {
                if (ask("PUT", INSTANCE + "/beat", held).contains("\"code\":20404")) {
                    wishes.replace(held, Wish.KEPT, Wish.REGISTERED);
                }
            }
            case GONE -> {
                if (!ask("DELETE", INSTANCE, held).isEmpty()) {
                    wishes.remove(held, Wish.GONE);
                }
            }
        }
    }

    private String ask(String method, String path, Held held) {
        String answer = calls.send(
                addresses.get(node),
                ANSWER_MAX,
                method,
                path,
                "serviceName",
                held.service,
                "ip",
                held.ip,
                "port",
                held.port);
        if (answer.isEmpty()) {
            node = (node + 1) % addresses.size();
        }
        return answer;
    }
}
