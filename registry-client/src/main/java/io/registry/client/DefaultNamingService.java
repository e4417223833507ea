package io.registry.client;

import io.registry.api.ClientFigures;
import io.registry.api.ClientStatus;
import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.listen.FuzzyWatcher;
import io.registry.api.listen.ServiceListener;
import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceInfo;
import io.registry.api.model.ServiceKey;
import io.registry.api.model.ServicePage;
import io.registry.api.select.InstanceSelector;
import io.registry.api.select.WeightedChoice;
import io.registry.client.cache.ServiceView;
import io.registry.client.runtime.Outcome;
import io.registry.proto.payload.AwaitSubscribersRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The service that applications have: checks at the door, hands on to the loop, and waits. Reads of what is followed are
 * answered from the cache, on the calling thread.
 *
 * <p><b>Threading</b>: any thread.
 */
final class DefaultNamingService implements NamingService {

    /** How long a close waits for its deregistrations. */
    private static final Duration LEAVE_MAX = Duration.ofMillis(500);

    private final ClientOptions options;
    private final NamingCore core;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What this service follows: read by whoever asks for instances, written where following begins and ends. */
    private final Set<ServiceKey> followed = ConcurrentHashMap.newKeySet();

    private DefaultNamingService(ClientOptions options, NamingCore core) {
        this.options = options;
        this.core = core;
    }

    static NamingService open(ClientOptions options) {
        return new DefaultNamingService(options, SharedCores.PROCESS.acquire(options));
    }

    @Override
    public void registerInstance(String serviceName, String groupName, Instance instance) {
        ServiceKey service = service(serviceName, groupName);
        Instance checked = DoorChecks.instance(instance);
        await(() -> checked.ephemeral()
                ? core.proxy().register(this, service, checked)
                : core.proxy().registerPersistent(service, checked));
    }

    @Override
    public void batchRegisterInstance(String serviceName, String groupName, List<Instance> instances) {
        ServiceKey service = service(serviceName, groupName);
        List<Instance> checked = DoorChecks.batch(instances);
        await(() -> core.proxy().registerBatch(this, service, checked));
    }

    @Override
    public void batchDeregisterInstance(String serviceName, String groupName, List<Instance> instances) {
        ServiceKey service = service(serviceName, groupName);
        List<InstanceKey> keys = instances.stream().map(Instance::key).toList();
        await(() -> core.proxy().deregister(this, service, keys));
    }

    @Override
    public void deregisterInstance(String serviceName, String groupName, Instance instance) {
        ServiceKey service = service(serviceName, groupName);
        if (instance.ephemeral()) {
            await(() -> core.proxy().deregister(this, service, List.of(instance.key())));
        } else {
            Instance checked = DoorChecks.instance(instance);
            await(() -> core.proxy().deregisterPersistent(service, checked));
        }
    }

    @Override
    public Departure deregisterAndAwait(String serviceName, String groupName, Instance instance, Duration timeout) {
        ServiceKey service = service(serviceName, groupName);
        DoorChecks.timeout("timeout", timeout, Duration.ofMillis(AwaitSubscribersRequest.TIMEOUT_MILLIS_MAX));
        deregisterInstance(serviceName, groupName, instance);
        return await(() -> core.proxy().awaitSubscribers(service, timeout), timeout.plus(core.callMax()));
    }

    @Override
    public List<Instance> getAllInstances(
            String serviceName, String groupName, List<String> clusters, boolean subscribe) {
        List<Instance> all = instances(service(serviceName, groupName), subscribe);
        return clusters.isEmpty() ? all : InstanceSelector.clusters(clusters).select(all);
    }

    @Override
    public List<Instance> selectInstances(
            String serviceName, String groupName, List<String> clusters, boolean healthy, boolean subscribe) {
        return getAllInstances(serviceName, groupName, clusters, subscribe).stream()
                .filter(instance -> instance.healthy() == healthy && instance.enabled() && instance.weight() > 0)
                .toList();
    }

    @Override
    public Instance selectOneHealthyInstance(
            String serviceName, String groupName, List<String> clusters, boolean subscribe) {
        ServiceKey service = service(serviceName, groupName);
        Instance chosen =
                choice(service, clusters, subscribe).choose(core.loop().random());
        if (chosen == null) {
            throw new RegistryException(
                    ErrorCode.INSTANCE_NOT_FOUND,
                    "no healthy instance of " + service.groupedName() + " in " + clusters);
        }
        return chosen;
    }

    private WeightedChoice choice(ServiceKey service, List<String> clusters, boolean subscribe) {
        if (clusters.isEmpty() && subscribe && followed.contains(service)) {
            ServiceView view = core.cache().view(service);
            if (view != null && core.failover().instances(service) == null) {
                return view.choice();
            }
        }
        List<Instance> all = instances(service, subscribe);
        return WeightedChoice.among(
                clusters.isEmpty() ? all : InstanceSelector.clusters(clusters).select(all));
    }

    private List<Instance> instances(ServiceKey service, boolean subscribe) {
        List<Instance> override = core.failover().instances(service);
        if (override != null) {
            return override;
        }
        if (!subscribe) {
            return await(() -> core.proxy().query(service)).hosts().instances();
        }
        if (followed.contains(service)) {
            ServiceView view = core.cache().view(service);
            if (view != null) {
                return view.instances();
            }
        }
        try {
            await(() -> follow(service));
        } catch (RegistryException e) {
            ServiceView known = core.cache().view(service);
            if (e.code() == ErrorCode.UNREACHABLE && known != null) {
                return known.instances();
            }
            throw e;
        }
        ServiceView view = core.cache().view(service);
        return view == null ? List.of() : view.instances();
    }

    private CompletableFuture<Void> follow(ServiceKey service) {
        followed.add(service);
        CompletableFuture<Void> done = core.follow(this, service);
        Outcome.of(done, (nothing, failure) -> {
            if (failure instanceof RegistryException refused && refused.code() != ErrorCode.UNREACHABLE) {
                unfollow(service);
            }
        });
        return done;
    }

    private void unfollow(ServiceKey service) {
        followed.remove(service);
        Outcome.of(core.unfollow(this, service), (nothing, failure) -> {
            // The server is told later, or forgets it with the connection.
        });
    }

    @Override
    public void subscribe(String serviceName, String groupName, InstanceSelector selector, ServiceListener listener) {
        ServiceKey service = service(serviceName, groupName);
        await(() -> {
            ServiceView known = core.cache().view(service);
            core.notifier().add(this, service, selector, listener, known == null ? null : known.instances());
            CompletableFuture<Void> done = follow(service);
            Outcome.of(done, (nothing, failure) -> {
                if (failure instanceof RegistryException refused && refused.code() != ErrorCode.UNREACHABLE) {
                    core.notifier().remove(this, service, selector, listener);
                }
            });
            return done;
        });
    }

    @Override
    public void unsubscribe(String serviceName, String groupName, InstanceSelector selector, ServiceListener listener) {
        ServiceKey service = service(serviceName, groupName);
        await(() -> {
            if (core.notifier().remove(this, service, selector, listener)) {
                unfollow(service);
            }
            return CompletableFuture.completedFuture(null);
        });
    }

    @Override
    public CompletableFuture<Set<ServiceKey>> fuzzyWatch(
            String servicePattern, String groupPattern, FuzzyWatcher watcher) {
        checkOpen();
        DoorChecks.pattern("servicePattern", servicePattern);
        DoorChecks.pattern("groupPattern", groupPattern);
        if (!core.overGrpc()) {
            return CompletableFuture.failedFuture(
                    new RegistryException(ErrorCode.UNSUPPORTED, "fuzzy watches need the transport grpc"));
        }
        // What an application does with the result must not run on the loop.
        return core.loop()
                .call(() -> core.watches().watch(this, servicePattern, groupPattern, watcher))
                .thenApplyAsync(Function.identity(), core.listeners());
    }

    @Override
    public void cancelFuzzyWatch(String servicePattern, String groupPattern, FuzzyWatcher watcher) {
        await(() -> {
            core.watches().cancel(this, servicePattern, groupPattern, watcher);
            return CompletableFuture.completedFuture(null);
        });
    }

    @Override
    public ServicePage getServicesOfServer(int pageNo, int pageSize, String groupName) {
        DoorChecks.page(pageNo, pageSize);
        String group = DoorChecks.group(groupName);
        return await(() -> core.proxy().services(pageNo, pageSize, group));
    }

    @Override
    public List<ServiceInfo> getSubscribeServices() {
        return await(() -> CompletableFuture.completedFuture(core.notifier().services(this).stream()
                .map(service -> {
                    ServiceView view = core.cache().view(service);
                    return view == null ? ServiceInfo.unknown(service) : view.info();
                })
                .toList()));
    }

    @Override
    public String getServerStatus() {
        return await(() -> core.proxy().up()) ? "UP" : "DOWN";
    }

    @Override
    public ClientStatus status() {
        if (closed.get()) {
            return new ClientStatus(ClientStatus.State.CLOSED, "", 0, 0, 0, 0, java.util.Map.of());
        }
        return await(() -> CompletableFuture.completedFuture(core.status(this)));
    }

    @Override
    public ClientFigures figures() {
        return core.figures();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> left = core.loop().call(() -> {
            core.notifier().removeAll(this);
            core.watches().cancelAll(this);
            CompletableFuture<Void> withdrawn = core.proxy().withdraw(this);
            core.unfollowAll(this);
            return withdrawn;
        });
        try {
            left.get(LEAVE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The server forgets what this connection published when it ends.
        }
        followed.clear();
        SharedCores.PROCESS.release(options);
    }

    private ServiceKey service(String serviceName, String groupName) {
        return DoorChecks.service(options.namespace(), serviceName, groupName);
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new RegistryException(ErrorCode.ILLEGAL_STATE, "this naming service was closed");
        }
    }

    private <T> T await(Supplier<CompletableFuture<T>> task) {
        return await(task, core.callMax());
    }

    private <T> T await(Supplier<CompletableFuture<T>> task, Duration max) {
        checkOpen();
        if (core.loop().inLoop()) {
            throw new RegistryException(ErrorCode.ILLEGAL_STATE, "a call that blocks, on the client's own loop");
        }
        CompletableFuture<T> result = core.loop().call(task);
        try {
            return result.get(max.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            result.cancel(false);
            throw new RegistryException(
                    ErrorCode.UNREACHABLE,
                    "no server has answered within " + max.toMillis() + " ms, servers: " + options.servers());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RegistryException known) {
                throw known;
            }
            throw new RegistryException(ErrorCode.INTERNAL, String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(ErrorCode.UNREACHABLE, "interrupted while waiting for a server");
        }
    }
}
