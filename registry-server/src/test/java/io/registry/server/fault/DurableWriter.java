package io.registry.server.fault;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Writes persistent instances, one after another, on whatever node takes them, and removes some again. A write of which it
 * is not known whether it was done is said again until it is acknowledged, and its instance is then left alone: what was
 * said first may still be on its way.
 *
 * <p><b>Threading</b>: any thread may ask. One thread of its own writes.
 */
final class DurableWriter implements AutoCloseable {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final String INSTANCE = "/v1/ns/instance";
    private static final int PORTS = 60_000;

    private final List<String> addresses;
    private final NodeCalls calls;
    private final String service;
    private final long pauseMillis;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    /** What was acknowledged to be there. */
    private volatile Set<String> acknowledged = new TreeSet<>();

    /** What was acknowledged to be gone. */
    private volatile Set<String> removed = new TreeSet<>();

    /** What is asked for and not acknowledged: it may be there or not. */
    private volatile String inDoubt = "";

    private int last;

    DurableWriter(int number, List<String> addresses, NodeCalls calls, Duration pause) {
        this.addresses = List.copyOf(addresses);
        this.calls = calls;
        this.service = "durable-" + number;
        this.pauseMillis = pause.toMillis();
        this.thread = new Thread(this::write, service);
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns how many instances were acknowledged and not removed. */
    int count() {
        return acknowledged.size();
    }

    /** Returns in words how a node differs from what was acknowledged; empty where it does not. */
    String difference(String address) {
        Set<String> before = acknowledged;
        Set<String> gone = removed;
        String doubtBefore = inDoubt;
        Set<String> shown = calls.shown(address, service);
        Set<String> after = acknowledged;
        Set<String> lost = new TreeSet<>(before);
        lost.retainAll(after);
        lost.removeAll(shown);
        lost.remove(doubtBefore);
        lost.remove(inDoubt);
        Set<String> returned = new TreeSet<>(gone);
        returned.retainAll(shown);
        return lost.isEmpty() && returned.isEmpty()
                ? ""
                : address + " has lost of " + service + ": " + lost + ", and has what was removed: " + returned;
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

    private void write() {
        try {
            while (!end.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                String instance = "10.9.0.1:" + (1 + last++ % PORTS);
                inDoubt = instance;
                boolean known = insist("POST", instance);
                if (end.getCount() == 0) {
                    return;
                }
                note(instance, true);
                if (known && last % 4 == 0) {
                    inDoubt = instance;
                    insist("DELETE", instance);
                    note(instance, false);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(String instance, boolean there) {
        Set<String> changed = new TreeSet<>(acknowledged);
        if (there) {
            changed.add(instance);
        } else {
            changed.remove(instance);
            Set<String> more = new TreeSet<>(removed);
            more.add(instance);
            removed = more;
        }
        acknowledged = changed;
        inDoubt = "";
    }

    /** Says it until it is acknowledged, or the writer is to end; tells whether the first time was enough. */
    private boolean insist(String method, String instance) throws InterruptedException {
        int tries = 0;
        while (!ask(method, instance, addresses.get((last + tries) % addresses.size()))) {
            tries++;
            if (end.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return tries == 0;
    }

    private boolean ask(String method, String instance, String address) {
        int colon = instance.indexOf(':');
        String answer = calls.send(
                address,
                ANSWER_MAX,
                method,
                INSTANCE,
                "serviceName",
                service,
                "ip",
                instance.substring(0, colon),
                "port",
                instance.substring(colon + 1),
                "ephemeral",
                false);
        return answer.equals("ok");
    }
}
