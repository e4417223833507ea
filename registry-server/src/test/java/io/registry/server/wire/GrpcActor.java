package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;

import io.registry.server.testkit.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One client with a connection that it sometimes loses. It keeps account of what it has published and subscribed, and
 * checks after each query that it sees its own writes.
 *
 * <p><b>Threading.</b> One thread at a time.
 */
final class GrpcActor implements Actor {

    private static final List<String> CLUSTERS = List.of("", "c1", "c2", "c1,c2");

    private final int port;
    private final int number;
    private final List<String> services;
    private final Random random;
    private final Map<String, List<Host>> published = new HashMap<>();
    private final Map<Variant, Message> subscribed = new LinkedHashMap<>();
    private Naming client;

    /** How often the connection was lost. What was published before is gone once the server notices, not at once. */
    private int life;

    record Variant(String service, String clusters) {}

    GrpcActor(int port, int number, List<String> services, long seed) {
        this.port = port;
        this.number = number;
        this.services = services;
        this.random = new Random(seed);
        this.client = Naming.on(port);
    }

    @Override
    public void act() {
        String service = services.get(random.nextInt(services.size()));
        int dice = random.nextInt(100);
        if (dice < 28) {
            Host host = random.nextInt(4) == 0 ? shared() : own();
            ok("InstanceResponse", client.register(service, host.instance()));
            published.put(service, List.of(host));
        } else if (dice < 38) {
            ok("InstanceResponse", client.deregister(service, "10.1.1.1", 1));
            published.remove(service);
        } else if (dice < 52) {
            batch(service);
        } else if (dice < 68) {
            String clusters = CLUSTERS.get(random.nextInt(CLUSTERS.size()));
            subscribed.put(
                    new Variant(service, clusters),
                    ok("SubscribeServiceResponse", client.subscribe(service, clusters)));
        } else if (dice < 78) {
            String clusters = CLUSTERS.get(random.nextInt(CLUSTERS.size()));
            ok("SubscribeServiceResponse", client.unsubscribe(service, clusters));
            subscribed.remove(new Variant(service, clusters));
        } else if (dice < 97) {
            seeOwn(service);
        } else {
            client.close();
            published.clear();
            subscribed.clear();
            life++;
            client = Naming.on(port);
        }
    }

    @Override
    public List<Host> published(String service) {
        return published.getOrDefault(service, List.of());
    }

    /** Returns for each subscription what came last: its answer or a push. */
    Map<Variant, Message> last() {
        Map<Variant, Message> last = new LinkedHashMap<>(subscribed);
        for (Message push : client.pushes().all("NotifySubscriberRequest")) {
            last.computeIfPresent(
                    variant(push), (variant, before) -> push.atNanos() > before.atNanos() ? push : before);
        }
        return last;
    }

    /** Fails where a push carries an earlier time than one before it. */
    void pushedInOrder() {
        Map<Variant, Message> before = new HashMap<>();
        for (Message push : client.pushes().all("NotifySubscriberRequest")) {
            Message earlier = before.put(variant(push), push);
            if (earlier != null && earlier.lastRefTime() > push.lastRefTime()) {
                throw new AssertionError("went back: " + earlier + "\nthen " + push);
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return "client " + number;
    }

    private void batch(String service) {
        List<Host> hosts = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            Host host = random.nextInt(4) == 0 ? shared() : own();
            if (hosts.stream().noneMatch(h -> h.ip().equals(host.ip()) && h.port() == host.port())) {
                hosts.add(host);
            }
        }
        ok(
                "BatchInstanceResponse",
                client.batch(service, hosts.stream().map(Host::instance).toList()));
        published.put(service, hosts);
    }

    private void seeOwn(String service) {
        Message answer = ok("QueryServiceResponse", client.query(service));
        List<String> seen = Host.seen(answer.hosts().stream()
                .filter(host -> host.required("ip").asString().startsWith(ownIp()))
                .toList());
        List<String> expected = Host.seen(
                published(service).stream()
                        .filter(h -> h.ip().startsWith(ownIp()))
                        .toList(),
                "");
        if (!seen.equals(expected)) {
            throw new AssertionError(this + " does not see its own writes: " + expected + " but " + answer);
        }
    }

    private Host own() {
        return new Host(
                ownIp() + random.nextInt(3),
                1 + random.nextInt(3),
                random.nextBoolean() ? "c1" : "c2",
                1 + random.nextInt(9),
                random.nextInt(10) > 0);
    }

    /** An instance that others publish just the same. */
    private Host shared() {
        int which = random.nextInt(3);
        return new Host("10.9.9." + which, 9, which == 0 ? "c1" : "c2", 3, true);
    }

    private String ownIp() {
        return "10." + (10 + life) + "." + number + ".";
    }

    private static Variant variant(Message push) {
        return new Variant(
                push.serviceInfo().required("name").asString(),
                push.serviceInfo().required("clusters").asString());
    }
}
