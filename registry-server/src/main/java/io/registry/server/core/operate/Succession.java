package io.registry.server.core.operate;

import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroChange;
import io.registry.distro.DistroListener;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.BeatMonitor;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.service.ServiceManager;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows when a client takes the place of another, or a node that of another: an orphan does not show again what
 * its successor has withdrawn, nor for long what was that of a successor which has ended; and a node stops to time the
 * beats of what it owns no more.
 *
 * <p><b>Threading</b>: on the loop.
 */
public final class Succession implements DistroListener<ServiceKey, ClientData> {

    /**
     * How long an orphan stays whose successor's connection has ended. A client that is told to move, or finds its
     * connection broken, may connect twice in a row, and publishes again what it published on the first of them when it
     * looks next: nacos-client every 3 s. Three times that, and a second.
     */
    private static final Duration CONNECTS_AGAIN = Duration.ofSeconds(10);

    private final NodeId self;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final ServiceManager services;
    private final BeatMonitor monitor;

    /** Makes the rules for a node. */
    public Succession(
            NodeId self, DistroProtocol<ServiceKey, ClientData> distro, ServiceManager services, BeatMonitor monitor) {
        this.self = self;
        this.distro = distro;
        this.services = services;
        this.monitor = monitor;
    }

    @Override
    public void changed(DistroChange<ServiceKey, ClientData> change) {
        DistroRecord<ClientData> before = change.before();
        if (before == null) {
            return;
        }
        DistroRecord<ClientData> after = change.after();
        if (before.kind() == ClientKind.BEAT
                && (after == null || after.isTombstone() || !after.owner().equals(self))) {
            monitor.forget(change.client());
        }
        Cause cause = change.cause();
        boolean told = cause == Cause.PUBLISHED || cause == Cause.WITHDRAWN;
        if ((told || cause == Cause.DISCONNECTED) && before.data() != null && distro.orphanCount() > 0) {
            for (ServiceKey service : change.keys()) {
                Set<InstanceKey> gone = keys(before.data().about(service));
                gone.removeAll(keys(about(after, service)));
                Map<ClientId, Publication> orphans = orphansOf(service, change.client(), gone);
                if (told) {
                    orphans.forEach((orphan, publication) -> release(orphan, service, publication, gone));
                } else {
                    orphans.keySet().forEach(orphan -> distro.hasten(orphan, CONNECTS_AGAIN));
                }
            }
        }
    }

    @Override
    public void doubtful(ClientId client) {
        monitor.mustRegister(client);
    }

    private static @Nullable Publication about(@Nullable DistroRecord<ClientData> record, ServiceKey service) {
        ClientData data = record == null ? null : record.data();
        return data == null ? null : data.about(service);
    }

    /** Returns the orphans that show some of what is gone from their successor, with what they publish of the service. */
    private Map<ClientId, Publication> orphansOf(ServiceKey service, ClientId successor, Set<InstanceKey> gone) {
        Map<ClientId, Publication> orphans = new LinkedHashMap<>();
        if (!gone.isEmpty()) {
            services.publishers(service).forEach((client, publication) -> {
                if (!client.equals(successor)
                        && distro.isOrphan(client)
                        && publication.instances().stream()
                                .anyMatch(instance ->
                                        gone.contains(instance.instance().key()))) {
                    orphans.put(client, publication);
                }
            });
        }
        return orphans;
    }

    private void release(ClientId orphan, ServiceKey service, Publication shown, Set<InstanceKey> withdrawn) {
        DistroRecord<ClientData> record = distro.record(orphan);
        ClientData all = record == null ? null : record.data();
        if (all == null) {
            return;
        }
        List<InstanceBytes> left = shown.instances().stream()
                .filter(instance -> !withdrawn.contains(instance.instance().key()))
                .toList();
        ClientData after = left.isEmpty() ? all.without(service) : all.with(service, Publication.of(left));
        distro.trim(orphan, after.publications().isEmpty() ? null : after, List.of(service));
    }

    private static Set<InstanceKey> keys(@Nullable Publication publication) {
        Set<InstanceKey> keys = new LinkedHashSet<>();
        if (publication != null) {
            publication
                    .instances()
                    .forEach(instance -> keys.add(instance.instance().key()));
        }
        return keys;
    }
}
