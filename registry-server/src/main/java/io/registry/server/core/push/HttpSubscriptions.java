package io.registry.server.core.push;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.service.ServiceAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Subscribers that pull over HTTP and are pushed to over another way. Each pull renews the subscription; without pulls it
 * ends.
 *
 * <p><b>Threading</b>: changes on the loop; {@link #renew} and the reads from any thread.
 */
public final class HttpSubscriptions {

    /** How long a subscription lives without a pull: three pulls of the wire protocol's clients. */
    private static final Duration LIFE = Duration.ofSeconds(30);

    private static final Duration SWEEP = Duration.ofSeconds(5);

    /** How many such subscribers a node keeps. */
    private static final int SUBSCRIBERS_MAX = 100_000;

    /**
     * Who subscribes.
     *
     * @param ip where pushes go
     * @param port the port there
     * @param agent the client's name and version
     * @param app the application's name, or empty
     */
    public record Endpoint(String ip, int port, String agent, String app) {

        /** Returns {@code ip:port}. */
        public String address() {
            return ip + ":" + port;
        }
    }

    /**
     * A subscription, for operators.
     *
     * @param service the service
     * @param clusters the filter
     * @param endpoint who
     */
    public record Subscription(ServiceKey service, String clusters, Endpoint endpoint) {}

    /** Makes the way to an endpoint. */
    public interface Ways {
        /** Returns the way to an endpoint. */
        Pusher to(Endpoint endpoint);
    }

    private record Key(ClientId client, ServiceKey service, String clusters) {}

    private static final class Held {
        final Endpoint endpoint;
        long lastPullMillis;

        Held(Endpoint endpoint) {
            this.endpoint = endpoint;
        }
    }

    private final RegistryLoop loop;
    private final DistroClock clock;
    private final PushService pushes;
    private final Ways ways;
    private final Map<Key, Held> held = new ConcurrentHashMap<>();

    /** Makes the register. */
    public HttpSubscriptions(RegistryLoop loop, DistroClock clock, PushService pushes, Ways ways) {
        this.loop = loop;
        this.clock = clock;
        this.pushes = pushes;
        this.ways = ways;
    }

    /** Begins to end subscriptions whose clients no longer pull. */
    public void start() {
        loop.after(SWEEP, () -> {
            sweep();
            start();
        });
    }

    /**
     * Subscribes or renews, and answers with the state as of now. A subscriber that is new is also pushed that state,
     * from which it learns that pushes reach it.
     */
    public CompletionStage<ServiceAnswer> renew(ServiceKey service, String clusters, Endpoint endpoint) {
        ClientId client = new ClientId("udp:" + endpoint.address());
        return loop.call(() -> {
            Key key = new Key(client, service, clusters);
            Held subscription = held.get(key);
            if (subscription == null) {
                if (held.size() >= SUBSCRIBERS_MAX) {
                    throw new io.registry.api.error.RegistryException(
                            io.registry.api.error.ErrorCode.OVER_LIMIT,
                            "subscribers over HTTP: " + held.size() + " (expected: fewer than " + SUBSCRIBERS_MAX
                                    + ")");
                }
                subscription = new Held(endpoint);
                held.put(key, subscription);
            }
            subscription.lastPullMillis = clock.monotonicMillis();
            pushes.attach(client, ways.to(endpoint));
            return pushes.subscribe(client, service, clusters);
        });
    }

    /** Returns all subscriptions. */
    public List<Subscription> all() {
        List<Subscription> all = new ArrayList<>();
        held.forEach(
                (key, subscription) -> all.add(new Subscription(key.service(), key.clusters(), subscription.endpoint)));
        return all;
    }

    /** Returns how many there are. */
    public int size() {
        return held.size();
    }

    private void sweep() {
        long limit = clock.monotonicMillis() - LIFE.toMillis();
        held.forEach((key, subscription) -> {
            if (subscription.lastPullMillis < limit) {
                held.remove(key);
                pushes.unsubscribe(key.client(), key.service(), key.clusters());
                if (pushes.subscriptions(key.client()).isEmpty()) {
                    pushes.detach(key.client());
                }
            }
        });
    }
}
