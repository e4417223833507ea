package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.Origins;
import io.registry.server.core.service.ServiceManager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The write path of ephemeral instances: checks, then one write into the replica store, from where the change reaches
 * the index as a peer's would. A turn checks first and writes last, so a refusal changes nothing.
 *
 * <p><b>Threading</b>: on the loop only.
 */
final class EphemeralOperator {

    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final ServiceManager services;
    private final Origins origins;
    private final NodeLimits limits;

    EphemeralOperator(
            DistroProtocol<ServiceKey, ClientData> distro,
            ServiceManager services,
            Origins origins,
            NodeLimits limits) {
        this.distro = distro;
        this.services = services;
        this.origins = origins;
        this.limits = limits;
    }

    /** Returns what a client publishes; empty where it publishes nothing. */
    ClientData data(ClientId client) {
        DistroRecord<ClientData> held = distro.record(client);
        ClientData data = held == null ? null : held.data();
        return data == null ? ClientData.EMPTY : data;
    }

    /** Publishes for a connection; no effect where the same is published already. */
    void publish(Origin origin, ClientId client, ServiceKey service, List<InstanceBytes> instances) {
        var unused = origins.during(origin, () -> publish(client, service, instances));
    }

    /** Withdraws all that a client publishes, on behalf of somebody; other nodes learn of it even where that is nothing. */
    void withdraw(Origin origin, ClientId client) {
        var unused = origins.during(origin, () -> {
            distro.withdraw(client);
            return true;
        });
    }

    /** Returns whether something is new. */
    private boolean publish(ClientId client, ServiceKey service, List<InstanceBytes> instances) {
        ClientData before = data(client);
        Publication old = before.about(service);
        if (instances.isEmpty()) {
            if (old != null) {
                write(client, ClientKind.CONNECTION, before.without(service), service);
            }
            return old != null;
        }
        Publication now = Publication.of(instances);
        if (now.equals(old) && !distro.isOrphan(client)) {
            return false;
        }
        checkRoom(service, old, instances.size());
        write(client, ClientKind.CONNECTION, before.with(services.known(service), now), service);
        return true;
    }

    /** Publishes for a beating instance. */
    void publishBeating(ClientId client, ServiceKey service, InstanceBytes instance) {
        Publication old = data(client).about(service);
        if (instance.equals(old) && !distro.isOrphan(client)) {
            return;
        }
        checkRoom(service, old, 1);
        write(client, ClientKind.BEAT, ClientData.EMPTY.with(services.known(service), instance), service);
    }

    /** Refuses a service of the other kind, and what exceeds the limits of this node. */
    void checkRoom(ServiceKey service, @Nullable Publication old, int count) {
        Boolean ephemeral = services.ephemeral(service);
        if (ephemeral != null && !ephemeral) {
            throw new RegistryException(
                    ErrorCode.KIND_MISMATCH,
                    "Current service " + service.groupedName()
                            + " is persistent service, can't register ephemeral instance.");
        }
        limits.check(services, ephemeral == null, count - (old == null ? 0 : old.size()));
    }

    /** Flips the health of a beating instance that has fallen silent. */
    void lapse(ClientId client, ServiceKey service) {
        flip(client, service, false);
    }

    /** Flips the health of a beating instance that is heard again. */
    void revive(ClientId client, ServiceKey service) {
        flip(client, service, true);
    }

    private void flip(ClientId client, ServiceKey service, boolean healthy) {
        Publication publication = data(client).about(service);
        if (publication == null) {
            return;
        }
        Instance instance = publication.instances().get(0).instance();
        if (instance.healthy() == healthy) {
            return;
        }
        ClientData after = ClientData.EMPTY.with(service, InstanceBytes.of(instance.withHealthy(healthy), service));
        if (healthy) {
            distro.revive(client, after, List.of(service));
        } else {
            distro.lapse(client, after, List.of(service));
        }
    }

    private void write(ClientId client, ClientKind kind, ClientData data, ServiceKey service) {
        if (!distro.publish(client, kind, data, List.of(service))) {
            throw new RegistryException(ErrorCode.UNREGISTERED, "Connection is unregistered.");
        }
    }
}
