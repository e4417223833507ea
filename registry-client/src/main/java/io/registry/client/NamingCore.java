package io.registry.client;

import io.registry.api.ClientFigures;
import io.registry.api.ClientStatus;
import io.registry.api.model.ServiceKey;
import io.registry.client.access.TokenSource;
import io.registry.client.cache.DiskCache;
import io.registry.client.cache.Failover;
import io.registry.client.cache.ServiceCache;
import io.registry.client.cache.ServiceView;
import io.registry.client.cache.StreamViews;
import io.registry.client.grpc.ConnectionListener;
import io.registry.client.grpc.GrpcClient;
import io.registry.client.grpc.GrpcConfig;
import io.registry.client.grpc.GrpcConnection;
import io.registry.client.http.EndpointList;
import io.registry.client.http.HttpCaller;
import io.registry.client.listen.ChangeNotifier;
import io.registry.client.listen.FuzzyWatches;
import io.registry.client.proxy.NamingClientProxy;
import io.registry.client.proxy.NamingClientProxyDelegate;
import io.registry.client.proxy.NamingGrpcClientProxy;
import io.registry.client.proxy.NamingHttpClientProxy;
import io.registry.client.redo.RedoService;
import io.registry.client.runtime.ClientCounters;
import io.registry.client.runtime.ClientLoop;
import io.registry.client.runtime.ClientRuntime;
import io.registry.client.runtime.Outcome;
import io.registry.client.server.ServerAddress;
import io.registry.client.server.ServerList;
import io.registry.client.tls.TlsContexts;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.ServerPush;
import io.registry.proto.payload.WireService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands behind the services with equal options: the parts of the SDK, put together.
 *
 * <p><b>Threading</b>: made and started by any thread; everything else on the client loop, but for what the parts
 * themselves let any thread read.
 */
final class NamingCore {

    private static final Logger log = LoggerFactory.getLogger(NamingCore.class);

    /** How often the files of the cache are marked as true. */
    private static final Duration CONFIRM = Duration.ofMinutes(1);

    private static final Duration IDLE_MAX = Duration.ofSeconds(5);
    private static final Duration CLOSE_MAX = Duration.ofMillis(200);

    private final ClientRuntime runtime;
    private final ClientCounters counters = new ClientCounters();
    private final ClientLoop loop;
    private final ClientOptions options;
    private final ServerList servers;
    private final ServiceCache cache;
    private final StreamViews streamViews = new StreamViews();
    private final DiskCache disk;
    private final Failover failover;
    private final ChangeNotifier notifier;
    private final TokenSource tokens;
    private final GrpcClient grpc;
    private final RedoService redo;
    private final FuzzyWatches watches;
    private final NamingGrpcClientProxy grpcProxy;
    private final NamingHttpClientProxy httpProxy;
    private final NamingClientProxy proxy;
    private final @Nullable EndpointList endpoint;
    private final Map<ServiceKey, Set<Object>> followers = new LinkedHashMap<>();
    private boolean closed;

    NamingCore(ClientRuntime runtime, ClientOptions options) {
        this.runtime = runtime;
        this.loop = runtime.loop();
        this.options = options;
        this.servers = new ServerList(options.servers(), loop.random());
        this.cache = new ServiceCache(
                options.namespace(),
                options.pushEmptyProtection(),
                (delay, task) -> loop.after(delay, task),
                this::changed);
        Path directory = options.cacheDirectory().resolve(options.namespace());
        this.disk = new DiskCache(runtime, directory);
        this.failover = new Failover(runtime, directory.resolve("failover"), options.namespace());
        this.notifier = new ChangeNotifier(runtime.listeners());
        TlsContexts tls = options.tls() == null ? null : new TlsContexts(options.tls());
        HttpCaller http = new HttpCaller(
                runtime, servers, options.requestTimeout(), options.singleServerAttempts(), counters, tls);
        this.tokens = new TokenSource(
                loop, http, options.contextPath(), options.username(), options.password(), options.appName());
        this.grpc = new GrpcClient(runtime, config(options, tls), servers, cache, new Connections(), counters);
        this.redo = new RedoService(loop, grpc, tokens, options.redoInterval(), counters);
        this.watches = new FuzzyWatches(loop, redo, options.namespace(), runtime.listeners());
        this.grpcProxy = new NamingGrpcClientProxy(loop, grpc, redo, tokens, cache, options.namespace());
        this.httpProxy = new NamingHttpClientProxy(
                loop, http, tokens, cache, options.contextPath(), options.namespace(), counters);
        this.proxy = overGrpc() ? new NamingClientProxyDelegate(grpcProxy, httpProxy) : httpProxy;
        this.endpoint = options.endpoint().isEmpty()
                ? null
                : new EndpointList(runtime, options.endpoint(), servers, this::serversChanged, tls);
    }

    private static GrpcConfig config(ClientOptions options, @Nullable TlsContexts tls) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(ConnectionSetupRequest.LABEL_SOURCE, "sdk");
        labels.put(ConnectionSetupRequest.LABEL_MODULE, ConnectionSetupRequest.MODULE_NAMING);
        labels.put(ConnectionSetupRequest.LABEL_APP, options.appName());
        labels.put("tls.enable", Boolean.toString(tls != null));
        return new GrpcConfig(
                options.grpcPortOffset(), options.requestTimeout(), IDLE_MAX, options.clientIp(), tls, labels);
    }

    boolean overGrpc() {
        return options.transport() == Transport.GRPC;
    }

    ClientLoop loop() {
        return loop;
    }

    ServiceCache cache() {
        return cache;
    }

    Failover failover() {
        return failover;
    }

    ChangeNotifier notifier() {
        return notifier;
    }

    FuzzyWatches watches() {
        return watches;
    }

    NamingClientProxy proxy() {
        return proxy;
    }

    /** Returns how long a call may take in all, with everything that is tried. */
    Duration callMax() {
        int attempts = Math.max(options.singleServerAttempts(), servers.all().size());
        Duration single = options.requestTimeout().plusMillis(500);
        return overGrpc() ? single : single.plusSeconds(1).multipliedBy(attempts);
    }

    /** Begins: reads the cache where that is wanted, and looks for a server. */
    void start() {
        if (options.loadCacheAtStart()) {
            disk.load().forEach(cache::restore);
        }
        loop.execute(() -> {
            tokens.onRenewal(redo::permissionsChanged);
            if (endpoint != null) {
                endpoint.start();
            }
            failover.start();
            loop.after(CONFIRM, this::confirm);
            // With the token, so that the first requests are not refused for the lack of it.
            Outcome.of(tokens.start(), (nothing, failure) -> {
                if (overGrpc() && !closed) {
                    redo.start();
                    grpc.start();
                }
            });
        });
    }

    /** Ends everything at once, and waits for that; what is to be deregistered has been. */
    void close() {
        CompletableFuture<Void> done = loop.call(() -> {
            closed = true;
            if (endpoint != null) {
                endpoint.close();
            }
            failover.close();
            tokens.close();
            redo.close();
            httpProxy.close();
            disk.flush();
            grpc.close();
            return CompletableFuture.completedFuture(null);
        });
        try {
            done.get(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("the client is still at work and will end later", e);
        }
    }

    /** Returns the thread of the listeners. */
    Executor listeners() {
        return runtime.listeners();
    }

    /** Follows a service on an owner's behalf. */
    CompletableFuture<Void> follow(Object owner, ServiceKey service) {
        followers.computeIfAbsent(service, key -> new LinkedHashSet<>()).add(owner);
        return proxy.subscribe(service);
    }

    /** Follows a service no longer on an owner's behalf. */
    CompletableFuture<Void> unfollow(Object owner, ServiceKey service) {
        Set<Object> of = followers.get(service);
        if (of == null || !of.remove(owner) || !of.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        followers.remove(service);
        cache.remove(service);
        streamViews.forget(service.group(), service.name());
        return proxy.unsubscribe(service);
    }

    /** Follows nothing any more on an owner's behalf. */
    void unfollowAll(Object owner) {
        for (ServiceKey service : List.copyOf(followers.keySet())) {
            Outcome.of(unfollow(owner, service), (nothing, failure) -> {
                // The server forgets it with the connection, or is told again.
            });
        }
    }

    /** Returns how an owner stands. */
    ClientStatus status(Object owner) {
        NamingClientProxy.Standing standing = proxy.standing(owner);
        ServerAddress server = grpc.server();
        ClientStatus.State state = grpc.state();
        if (!overGrpc()) {
            boolean answered = standing.registered() == standing.registrations()
                    && standing.subscribed() == standing.subscriptions();
            state = answered ? ClientStatus.State.CONNECTED : ClientStatus.State.SWITCHING;
        }
        return new ClientStatus(
                state,
                server == null ? "" : server.toString(),
                standing.registrations(),
                standing.registered(),
                standing.subscriptions(),
                standing.subscribed(),
                standing.refused());
    }

    /** Returns what has been done so far. Any thread. */
    ClientFigures figures() {
        return counters.figures(cache.views().size());
    }

    private void changed(ServiceView view) {
        notifier.changed(view.info().service(), view.instances());
        disk.save(view);
    }

    private void confirm() {
        if (closed) {
            return;
        }
        if (grpc.connection() != null) {
            disk.confirm(cache.views());
        }
        loop.after(CONFIRM, this::confirm);
    }

    private void serversChanged() {
        if (overGrpc()) {
            grpc.serversChanged();
        }
    }

    /** What the connection's life means. */
    private final class Connections implements ConnectionListener {

        @Override
        public void connected(GrpcConnection connection) {
            streamViews.begin();
            grpcProxy.connected();
        }

        @Override
        public void service(GrpcConnection connection, ServerPush.NotifySubscriber push) {
            counters.pushed();
            WireService service = push.service();
            if (service != null && follows(service)) {
                streamViews.shown(service, push.revision());
                cache.accept(connection, service, push.emptyOnPurpose());
            }
        }

        @Override
        public boolean change(GrpcConnection connection, ServerPush.NotifyChange push) {
            counters.pushed();
            if (!follows(push.service())) {
                return true;
            }
            WireService service = streamViews.changed(push);
            if (service == null) {
                return false;
            }
            cache.accept(connection, service, false);
            return true;
        }

        private boolean follows(WireService service) {
            return followers.containsKey(new ServiceKey(options.namespace(), service.group(), service.name()));
        }

        @Override
        public void fuzzyWatch(ServerPush.FuzzyWatch push) {
            watches.received(push);
        }
    }
}
