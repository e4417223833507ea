package io.registry.client.proxy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.api.model.ServicePage;
import io.registry.client.access.TokenSource;
import io.registry.client.cache.ServiceCache;
import io.registry.client.http.HttpCaller;
import io.registry.client.runtime.ClientCounters;
import io.registry.client.runtime.ClientLoop;
import io.registry.client.runtime.Outcome;
import io.registry.proto.payload.WireService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks over HTTP, for persistent instances with servers that do not take them over the connection, and for everything
 * with servers and networks without gRPC: ephemeral instances live by beats then, and subscriptions are polled.
 */
public final class NamingHttpClientProxy implements NamingClientProxy {

    /** What a server does not say how often to ask again. */
    private static final long POLL_MILLIS = 10_000;

    /** After a failure, or where the server wants to be asked more often than that. */
    private static final long POLL_MILLIS_MIN = 1_000;

    private record InstanceOf(Object owner, ServiceKey service, InstanceKey instance) {}

    /** A service that is polled. */
    private static final class Poll {
        private boolean over;
        private boolean answered;
    }

    private final ClientLoop loop;
    private final HttpNaming http;
    private final ServiceCache cache;
    private final ClientCounters counters;
    private final Map<InstanceOf, BeatingInstance> beating = new LinkedHashMap<>();
    private final Map<ServiceKey, Poll> polls = new LinkedHashMap<>();
    private boolean closed;

    /** Makes a proxy. */
    public NamingHttpClientProxy(
            ClientLoop loop,
            HttpCaller caller,
            TokenSource tokens,
            ServiceCache cache,
            String contextPath,
            String namespace,
            ClientCounters counters) {
        this.loop = loop;
        this.http = new HttpNaming(caller, tokens, contextPath, namespace);
        this.cache = cache;
        this.counters = counters;
    }

    /** Ends all beats and polls. */
    public void close() {
        closed = true;
        beating.values().forEach(BeatingInstance::forget);
        polls.values().forEach(poll -> poll.over = true);
    }

    @Override
    public CompletableFuture<Void> register(Object owner, ServiceKey service, Instance instance) {
        InstanceOf key = new InstanceOf(owner, service, instance.key());
        BeatingInstance before = beating.get(key);
        BeatingInstance beats = before != null ? before : new BeatingInstance(loop, http, service, instance, counters);
        beating.put(key, beats);
        CompletableFuture<Void> call = beats.register(instance);
        Outcome.of(call, (nothing, failure) -> {
            if (failure instanceof RegistryException refused && refused.code() != ErrorCode.UNREACHABLE) {
                // Whoever called is told, and does not have it.
                beats.forget();
                beating.remove(key, beats);
            }
        });
        return call;
    }

    @Override
    public CompletableFuture<Void> registerBatch(Object owner, ServiceKey service, List<Instance> instances) {
        List<InstanceKey> keep = instances.stream().map(Instance::key).toList();
        List<InstanceKey> gone = new ArrayList<>();
        for (InstanceOf each : beating.keySet()) {
            if (each.owner == owner && each.service.equals(service) && !keep.contains(each.instance)) {
                gone.add(each.instance);
            }
        }
        List<CompletableFuture<Void>> all = new ArrayList<>();
        all.add(deregister(owner, service, gone));
        instances.forEach(instance -> all.add(register(owner, service, instance)));
        return allOf(all);
    }

    @Override
    public CompletableFuture<Void> deregister(Object owner, ServiceKey service, List<InstanceKey> instances) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (InstanceKey instance : instances) {
            BeatingInstance beats = beating.remove(new InstanceOf(owner, service, instance));
            if (beats != null) {
                all.add(beats.end());
            }
        }
        return allOf(all);
    }

    @Override
    public CompletableFuture<Void> registerPersistent(ServiceKey service, Instance instance) {
        return http.register(service, instance);
    }

    @Override
    public CompletableFuture<Void> deregisterPersistent(ServiceKey service, Instance instance) {
        return http.deregister(service, instance);
    }

    @Override
    public CompletableFuture<Void> subscribe(ServiceKey service) {
        if (polls.containsKey(service)) {
            return CompletableFuture.completedFuture(null);
        }
        Poll poll = new Poll();
        polls.put(service, poll);
        CompletableFuture<Void> first = new CompletableFuture<>();
        poll(service, poll, first);
        return first;
    }

    private void poll(ServiceKey service, Poll poll, CompletableFuture<Void> first) {
        if (poll.over || closed) {
            return;
        }
        Outcome.of(http.list(service, cache), (found, failure) -> {
            if (poll.over || closed) {
                return;
            }
            long again = POLL_MILLIS_MIN;
            poll.answered = failure == null;
            if (failure == null) {
                Object source = http.http().server();
                cache.accept(source == null ? this : source, found, false);
                again = found.cacheMillis() > 0 ? found.cacheMillis() : POLL_MILLIS;
                first.complete(null);
            } else {
                first.completeExceptionally(failure);
            }
            loop.after(Duration.ofMillis(Math.max(POLL_MILLIS_MIN, again)), () -> poll(service, poll, first));
        });
    }

    @Override
    public CompletableFuture<Void> unsubscribe(ServiceKey service) {
        Poll poll = polls.remove(service);
        if (poll != null) {
            poll.over = true;
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<WireService> query(ServiceKey service) {
        return http.list(service, cache);
    }

    @Override
    public CompletableFuture<Departure> awaitSubscribers(ServiceKey service, Duration timeout) {
        CompletableFuture<Departure> result = new CompletableFuture<>();
        loop.after(timeout, () -> result.complete(Departure.UNCERTAIN));
        return result;
    }

    @Override
    public CompletableFuture<ServicePage> services(int pageNo, int pageSize, String group) {
        return http.services(pageNo, pageSize, group);
    }

    @Override
    public CompletableFuture<Void> withdraw(Object owner) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (InstanceOf each : List.copyOf(beating.keySet())) {
            if (each.owner == owner) {
                all.add(deregister(owner, each.service, List.of(each.instance)));
            }
        }
        return allOf(all);
    }

    @Override
    public CompletableFuture<Boolean> up() {
        return http.up();
    }

    @Override
    public Standing standing(@Nullable Object owner) {
        int registrations = 0;
        int registered = 0;
        Map<String, String> refused = new LinkedHashMap<>();
        for (Map.Entry<InstanceOf, BeatingInstance> each : beating.entrySet()) {
            if (owner != null && each.getKey().owner != owner) {
                continue;
            }
            registrations++;
            registered += each.getValue().registered() ? 1 : 0;
            String refusal = each.getValue().refusal();
            if (refusal != null) {
                refused.put(each.getValue().subject(), refusal);
            }
        }
        int answered =
                (int) polls.values().stream().filter(poll -> poll.answered).count();
        return new Standing(registrations, registered, polls.size(), answered, refused);
    }

    private static CompletableFuture<Void> allOf(List<CompletableFuture<Void>> all) {
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
    }
}
