package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.Origins;
import io.registry.server.core.persistent.InstanceOverride;
import io.registry.server.core.persistent.InstancePatch;
import io.registry.server.core.persistent.OverrideTarget;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.core.service.ServiceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Instances as callers over HTTP see them: an ephemeral one becomes a beating client, a persistent one a command in the
 * log; what an operator sets is kept apart from both.
 *
 * <p><b>Threading</b>: from any thread. <b>Errors</b>: a method throws, or its stage fails with, a {@link
 * RegistryException}, and nothing has changed then.
 */
public final class InstanceOperator {

    private final BeatOperator beats;
    private final ResponsibleRouter router;
    private final ServiceManager services;
    private final PersistentLog log;
    private final DistroClock clock;
    private final Origins origins;
    private final InstanceAcceptance acceptance;
    private final NodeLimits limits;

    InstanceOperator(
            BeatOperator beats,
            ResponsibleRouter router,
            ServiceManager services,
            PersistentLog log,
            DistroClock clock,
            Origins origins,
            InstanceAcceptance acceptance,
            NodeLimits limits) {
        this.beats = beats;
        this.router = router;
        this.services = services;
        this.log = log;
        this.clock = clock;
        this.origins = origins;
        this.acceptance = acceptance;
        this.limits = limits;
    }

    /** Registers an instance, or replaces what was registered of the same address; its kind is its own. */
    public CompletionStage<@Nullable Void> register(Origin origin, ServiceKey service, Instance instance) {
        if (instance.ephemeral()) {
            return done(router.run(beats.accept(new PeerCommand.Register(origin, service, instance))));
        }
        Boolean ephemeral = services.ephemeral(service);
        if (ephemeral != null && ephemeral) {
            throw new RegistryException(
                    ErrorCode.KIND_MISMATCH,
                    "Current service " + service.groupedName()
                            + " is ephemeral service, can't register persistent instance.");
        }
        boolean known =
                services.viewOrAbsent(service).instance(instance.ip(), instance.port(), instance.cluster()) != null;
        limits.check(services, ephemeral == null, known ? 0 : 1);
        PersistentCommand command = new PersistentCommand.PutInstance(service, acceptance.accept(instance, service));
        return origins.proposing(origin, service, instance.address(), () -> log.propose(command));
    }

    /** Deregisters an address; no effect where none of that kind is registered. */
    public CompletionStage<@Nullable Void> deregister(
            Origin origin, ServiceKey service, String ip, int port, boolean ephemeral) {
        if (ephemeral) {
            return done(router.run(new PeerCommand.Deregister(origin, service, ip, port)));
        }
        if (!Boolean.FALSE.equals(services.ephemeral(service))) {
            return CompletableFuture.completedFuture(null);
        }
        PersistentCommand command = new PersistentCommand.RemoveInstance(service, ip, port);
        return origins.proposing(origin, service, ip + ":" + port, () -> log.propose(command));
    }

    /**
     * Takes in a beat.
     *
     * @param full what the beat says of the instance, or null for a light beat
     */
    public CompletionStage<BeatAnswer> beat(
            Origin origin, ServiceKey service, String ip, int port, @Nullable Instance full) {
        return router.run(beats.accept(new PeerCommand.Beat(origin, service, ip, port, full)))
                .thenApply(reply -> new BeatAnswer(reply.code(), reply.intervalMillis(), reply.light()));
    }

    /**
     * Sets what operators may set about an instance, all of it, for its present incarnation; one that is not there may
     * still come, within the time that a gap may last.
     *
     * @throws RegistryException {@code SERVICE_NOT_FOUND} where the service is not there
     */
    public CompletionStage<@Nullable Void> update(
            ServiceKey service, InstanceKey instance, double weight, boolean enabled, Map<String, String> metadata) {
        if (services.view(service) == null) {
            throw new RegistryException(
                    ErrorCode.SERVICE_NOT_FOUND,
                    "service not found, namespace: " + service.namespace() + ", service: Service{namespace='"
                            + service.namespace() + "', group='" + service.group() + "', name='" + service.name()
                            + "', ephemeral=true, revision=0}");
        }
        InstanceOverride override =
                new InstanceOverride(weight, enabled, metadata, clock.wallMillis(), InstanceOverride.NEVER);
        return done(log.propose(
                new PersistentCommand.PutOverride(service, OverrideTarget.incarnation(instance), override)));
    }

    /** Sets some of what operators may set about an instance, which must be there, for its present incarnation. */
    public CompletionStage<@Nullable Void> patch(ServiceKey service, InstanceKey instance, InstancePatch patch) {
        detail(service, instance.ip(), instance.port(), instance.cluster());
        return done(log.propose(new PersistentCommand.PatchOverride(
                service, OverrideTarget.incarnation(instance), patch, clock.wallMillis())));
    }

    /**
     * Adds metadata to, or removes keys from, what is set about the present incarnations of instances.
     *
     * @param wanted the instances; those that are not there are passed over; empty for all of the service
     * @return the instances concerned, as consumers saw them before
     */
    public CompletionStage<List<Instance>> mergeMetadata(
            ServiceKey service, List<InstanceKey> wanted, Map<String, String> metadata, boolean remove) {
        ServiceView view = services.viewOrAbsent(service);
        List<Instance> concerned = new ArrayList<>();
        for (Instance instance : view.instances()) {
            if (wanted.isEmpty() || wanted.contains(instance.key())) {
                concerned.add(instance);
            }
        }
        if (concerned.isEmpty()) {
            return CompletableFuture.completedFuture(concerned);
        }
        List<InstanceKey> keys = concerned.stream().map(Instance::key).toList();
        return log.propose(new PersistentCommand.MergeMetadata(service, keys, metadata, remove, clock.wallMillis()))
                .thenApply(change -> concerned);
    }

    /**
     * Returns an instance as consumers see it.
     *
     * @throws RegistryException {@code INSTANCE_NOT_FOUND} where it is not there
     */
    public Instance detail(ServiceKey service, String ip, int port, String cluster) {
        ServiceView view = services.viewOrAbsent(service);
        if (!view.hasInstances()) {
            throw new RegistryException(
                    ErrorCode.INSTANCE_NOT_FOUND,
                    "no ips found for cluster " + cluster + " in service " + service.groupedName());
        }
        Instance instance = view.instance(ip, port, cluster);
        if (instance == null) {
            throw new RegistryException(ErrorCode.INSTANCE_NOT_FOUND, "no matched ip found!");
        }
        return instance;
    }

    private static <T> CompletionStage<@Nullable Void> done(CompletionStage<T> stage) {
        return stage.thenApply(ignored -> null);
    }
}
