package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.Origins;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.HealthCheck;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.ServiceMetadata;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.core.service.ServiceView;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Services and their clusters, as operators see them.
 *
 * <p><b>Threading</b>: from any thread. <b>Errors</b>: a method throws, or its stage fails with, a {@link
 * RegistryException}, and nothing has changed then.
 */
public final class ServiceOperator {

    private final RegistryLoop loop;
    private final ServiceManager services;
    private final PersistentLog log;
    private final Origins origins;
    private final NodeLimits limits;

    ServiceOperator(RegistryLoop loop, ServiceManager services, PersistentLog log, Origins origins, NodeLimits limits) {
        this.loop = loop;
        this.services = services;
        this.log = log;
        this.origins = origins;
        this.limits = limits;
    }

    /** Creates a service, which is kept until it is deleted. */
    public CompletionStage<@Nullable Void> create(ServiceKey service, ServiceMetadata metadata) {
        if (services.view(service) != null) {
            throw new RegistryException(
                    ErrorCode.SERVICE_EXISTS, "specified service " + service.groupedName() + " already exists!");
        }
        limits.check(services, true, 0);
        return done(log.propose(new PersistentCommand.PutService(service, metadata)));
    }

    /** Replaces what is said about a service; its kind stays. */
    public CompletionStage<@Nullable Void> update(ServiceKey service, ServiceMetadata metadata) {
        ServiceView view = services.view(service);
        if (view == null) {
            throw new RegistryException(
                    ErrorCode.SERVICE_NOT_FOUND, "service " + service.groupedName() + " not found!");
        }
        ServiceMetadata kept = new ServiceMetadata(
                view.ephemeral(), metadata.protectThreshold(), metadata.metadata(), metadata.selector());
        return done(log.propose(new PersistentCommand.PutService(service, kept)));
    }

    /** Deletes a service that has no instances. */
    public CompletionStage<@Nullable Void> delete(ServiceKey service) {
        ServiceView view = services.view(service);
        if (view == null) {
            throw new RegistryException(
                    ErrorCode.SERVICE_NOT_FOUND, "service " + service.groupedName() + " not found!");
        }
        if (view.hasInstances()) {
            throw new RegistryException(
                    ErrorCode.SERVICE_NOT_EMPTY,
                    "Service " + service.groupedName()
                            + " is not empty, can't be delete. Please unregister instance first");
        }
        return log.propose(new PersistentCommand.RemoveService(service))
                .thenCompose(change -> loop.call(() -> {
                    ServiceView now = services.view(service);
                    if (now != null && !now.hasInstances()) {
                        services.remove(service);
                    }
                    return null;
                }));
    }

    /** Returns a service; it must be there. */
    public ServiceView detail(ServiceKey service) {
        ServiceView view = services.view(service);
        if (view == null) {
            throw new RegistryException(
                    ErrorCode.SERVICE_NOT_FOUND,
                    "service not found, namespace: " + service.namespace() + ", serviceName: " + service.groupedName());
        }
        return view;
    }

    /** Sets what is said about a cluster of a service, which must be there. */
    public CompletionStage<@Nullable Void> updateCluster(ServiceKey service, String cluster, ClusterConfig config) {
        ServiceView view = services.view(service);
        if (view == null) {
            throw new RegistryException(ErrorCode.SERVICE_NOT_FOUND, "service not found:" + service.groupedName());
        }
        return done(log.propose(new PersistentCommand.PutCluster(service, view.ephemeral(), cluster, config)));
    }

    /**
     * Sets the health of a persistent instance by hand, where no check judges it.
     *
     * @param origin who asks, for the record
     */
    public CompletionStage<@Nullable Void> setHealth(
            Origin origin, ServiceKey service, String ip, int port, String cluster, boolean healthy) {
        ServiceView view = services.viewOrAbsent(service);
        if (view.cluster(cluster).check().type() != HealthCheck.Type.NONE) {
            throw new RegistryException(
                    ErrorCode.HEALTH_CHECK_WORKING,
                    "health check is still working, service: " + service.groupedName() + ", cluster: " + cluster);
        }
        Instance instance = view.instance(ip, port, cluster);
        if (instance == null) {
            throw new RegistryException(ErrorCode.INSTANCE_NOT_FOUND, "no matched ip found!");
        }
        PersistentCommand command = new PersistentCommand.SetHealth(service, ip, port, healthy);
        return origins.proposing(origin, service, instance.address(), () -> log.propose(command));
    }

    private static <T> CompletionStage<@Nullable Void> done(CompletionStage<T> stage) {
        return stage.thenApply(ignored -> null);
    }
}
