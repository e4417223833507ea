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
import io.registry.client.grpc.GrpcClient;
import io.registry.client.grpc.GrpcConnection;
import io.registry.client.redo.Failures;
import io.registry.client.redo.PublicationEntry;
import io.registry.client.redo.RedoEntry;
import io.registry.client.redo.RedoService;
import io.registry.client.redo.SubscriptionEntry;
import io.registry.client.runtime.ClientLoop;
import io.registry.client.runtime.Outcome;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.PayloadDecoder;
import io.registry.proto.codec.ServerDecoder;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.Ack;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.PersistentInstanceRequest;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerAnswer;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.WireService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks over the connection. What is wanted of the server for good goes through the {@link RedoService}; questions, and
 * persistent instances, are asked once.
 */
public final class NamingGrpcClientProxy implements NamingClientProxy {

    private static final Logger log = LoggerFactory.getLogger(NamingGrpcClientProxy.class);

    /** The ability of servers that take persistent instances over the connection. */
    private static final String PERSISTENT = "supportPersistentInstanceByGrpc";

    /** How much longer than its time the answer to a wait may be under way. */
    private static final Duration AWAIT_GRACE = Duration.ofSeconds(1);

    private record PublicationKey(ServiceKey service) {}

    private record SubscriptionKey(ServiceKey service) {}

    private final ClientLoop loop;
    private final GrpcClient client;
    private final RedoService redo;
    private final TokenSource tokens;
    private final ServiceCache cache;
    private final String namespace;

    /** A question that waits for a connection. */
    private record Waiting(RequestPayload request, CompletableFuture<Envelope> answer) {}

    private final List<Waiting> waiting = new ArrayList<>();

    /** Makes a proxy. */
    public NamingGrpcClientProxy(
            ClientLoop loop,
            GrpcClient client,
            RedoService redo,
            TokenSource tokens,
            ServiceCache cache,
            String namespace) {
        this.loop = loop;
        this.client = client;
        this.redo = redo;
        this.tokens = tokens;
        this.cache = cache;
        this.namespace = namespace;
    }

    /** Says that a connection is new. */
    public void connected() {
        redo.connected();
        List<Waiting> now = List.copyOf(waiting);
        waiting.clear();
        for (Waiting each : now) {
            if (!each.answer.isDone()) {
                pass(client.request(each.request, tokens.headers()), each.answer);
            }
        }
    }

    /** Returns whether the server in use takes persistent instances over the connection. */
    public boolean takesPersistent() {
        GrpcConnection connection = client.connection();
        return connection != null && connection.can(PERSISTENT);
    }

    @Override
    public CompletableFuture<Void> register(Object owner, ServiceKey service, Instance instance) {
        return edit(owner, service, all -> {
            all.put(instance.key(), instance);
            return all;
        });
    }

    @Override
    public CompletableFuture<Void> registerBatch(Object owner, ServiceKey service, List<Instance> instances) {
        return edit(owner, service, all -> {
            all.clear();
            instances.forEach(instance -> all.put(instance.key(), instance));
            return all;
        });
    }

    @Override
    public CompletableFuture<Void> deregister(Object owner, ServiceKey service, List<InstanceKey> instances) {
        if (!(redo.entry(new PublicationKey(service)) instanceof PublicationEntry)) {
            return CompletableFuture.completedFuture(null);
        }
        return edit(owner, service, all -> {
            all.keySet().removeAll(instances);
            return all;
        });
    }

    private CompletableFuture<Void> edit(
            Object owner, ServiceKey service, UnaryOperator<Map<InstanceKey, Instance>> change) {
        PublicationKey key = new PublicationKey(service);
        PublicationEntry entry =
                redo.entry(key) instanceof PublicationEntry there ? there : new PublicationEntry(service);
        entry.edit(owner, change);
        redo.add(key, entry);
        return redo.changed(entry);
    }

    @Override
    public CompletableFuture<Departure> awaitSubscribers(ServiceKey service, Duration timeout) {
        CompletableFuture<Departure> result = new CompletableFuture<>();
        // Whatever becomes of the question: after the time, nobody waits longer for those who might know by now.
        loop.after(timeout.plus(AWAIT_GRACE), () -> result.complete(Departure.UNCERTAIN));
        GrpcConnection connection = client.connection();
        if (connection == null || !connection.can(AwaitSubscribersRequest.ABILITY)) {
            loop.after(timeout, () -> result.complete(Departure.UNCERTAIN));
            return result;
        }
        AwaitSubscribersRequest request = new AwaitSubscribersRequest(
                namespace, service.name(), service.group(), Math.toIntExact(timeout.toMillis()));
        Outcome.of(client.request(request, tokens.headers(), timeout.plus(AWAIT_GRACE)), (answer, failure) -> {
            if (failure == null) {
                try {
                    checked(answer);
                    ServerAnswer.Subscribers read = ServerDecoder.subscribers(answer);
                    result.complete(new Departure(true, read.subscribers(), read.missingCount(), read.missing()));
                } catch (MalformedBodyException e) {
                    result.completeExceptionally(Failures.malformed(e));
                } catch (RegistryException e) {
                    result.completeExceptionally(e);
                }
            }
        });
        return result;
    }

    @Override
    public CompletableFuture<Void> registerPersistent(ServiceKey service, Instance instance) {
        return persistent(service, instance, InstanceRequest.REGISTER);
    }

    @Override
    public CompletableFuture<Void> deregisterPersistent(ServiceKey service, Instance instance) {
        return persistent(service, instance, InstanceRequest.DEREGISTER);
    }

    private CompletableFuture<Void> persistent(ServiceKey service, Instance instance, String operation) {
        return ask(new PersistentInstanceRequest(
                        namespace, service.name(), service.group(), operation, PublicationEntry.onWire(instance)))
                .thenApply(answer -> {
                    checked(answer);
                    return null;
                });
    }

    @Override
    public CompletableFuture<Void> subscribe(ServiceKey service) {
        SubscriptionKey key = new SubscriptionKey(service);
        if (redo.entry(key) instanceof SubscriptionEntry there) {
            return there.follow(true) ? redo.changed(there) : redo.await(there);
        }
        SubscriptionEntry entry = new SubscriptionEntry(service, this::subscribed);
        redo.add(key, entry);
        return redo.changed(entry);
    }

    private void subscribed(GrpcConnection connection, Envelope answer) {
        try {
            WireService service = ServerDecoder.service(answer, cache).service();
            if (service != null) {
                cache.answered(connection, service);
            }
        } catch (MalformedBodyException e) {
            log.warn("answer to a subscription that cannot be read: cause={}", e.getMessage());
        }
    }

    @Override
    public CompletableFuture<Void> unsubscribe(ServiceKey service) {
        if (redo.entry(new SubscriptionKey(service)) instanceof SubscriptionEntry there && there.follow(false)) {
            return redo.changed(there);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<WireService> query(ServiceKey service) {
        return ask(new ServiceQueryRequest(namespace, service.name(), service.group(), "", false))
                .thenApply(answer -> {
                    checked(answer);
                    try {
                        WireService found = ServerDecoder.service(answer, cache).service();
                        if (found != null) {
                            return found;
                        }
                        throw new RegistryException(ErrorCode.INTERNAL, "an answer without a service");
                    } catch (MalformedBodyException e) {
                        throw Failures.malformed(e);
                    }
                });
    }

    @Override
    public CompletableFuture<ServicePage> services(int pageNo, int pageSize, String group) {
        return ask(new ServiceListRequest(namespace, "", group, pageNo, pageSize))
                .thenApply(answer -> {
                    checked(answer);
                    try {
                        ServerAnswer.Services read = ServerDecoder.services(answer);
                        return new ServicePage(read.count(), read.names());
                    } catch (MalformedBodyException e) {
                        throw Failures.malformed(e);
                    }
                });
    }

    @Override
    public CompletableFuture<Void> withdraw(Object owner) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (RedoEntry entry : List.copyOf(redo.entries())) {
            if (entry instanceof PublicationEntry publication
                    && !publication.of(owner).isEmpty()) {
                publication.edit(owner, instances -> Map.of());
                all.add(redo.changed(publication));
            }
        }
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
    }

    @Override
    public CompletableFuture<Boolean> up() {
        return CompletableFuture.completedFuture(client.connection() != null);
    }

    @Override
    public Standing standing(@Nullable Object owner) {
        GrpcConnection connection = client.connection();
        int registrations = 0;
        int registered = 0;
        int subscriptions = 0;
        int subscribed = 0;
        Map<String, String> refused = new LinkedHashMap<>();
        for (RedoEntry entry : redo.entries()) {
            boolean satisfied = entry.satisfied(connection);
            if (entry instanceof PublicationEntry publication) {
                if (owner != null && publication.of(owner).isEmpty()) {
                    continue;
                }
                registrations++;
                registered += satisfied ? 1 : 0;
            } else if (entry instanceof SubscriptionEntry) {
                subscriptions++;
                subscribed += satisfied ? 1 : 0;
            }
            String refusal = entry.refusal();
            if (refusal != null) {
                refused.put(entry.subject(), refusal);
            }
        }
        return new Standing(registrations, registered, subscriptions, subscribed, refused);
    }

    /** Asks on the connection, or on the next one where there is none: whoever asks gives up after a time of his own. */
    private CompletableFuture<Envelope> ask(RequestPayload request) {
        if (client.connection() != null) {
            return client.request(request, tokens.headers());
        }
        waiting.removeIf(each -> each.answer.isDone());
        CompletableFuture<Envelope> answer = new CompletableFuture<>();
        waiting.add(new Waiting(request, answer));
        return answer;
    }

    private static void pass(CompletableFuture<Envelope> from, CompletableFuture<Envelope> to) {
        Outcome.of(from, (answer, failure) -> {
            if (failure == null) {
                to.complete(answer);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    private void checked(Envelope answer) {
        Ack ack;
        try {
            ack = PayloadDecoder.decodeAck(answer);
        } catch (MalformedBodyException e) {
            throw Failures.malformed(e);
        }
        if (ack.succeeded()) {
            return;
        }
        GrpcConnection connection = client.connection();
        if (GrpcClient.isUnregistered(ack) && connection != null) {
            client.unregistered(connection);
        }
        if (Failures.isDenied(ack)) {
            tokens.denied();
        }
        throw Failures.of(ack);
    }
}
