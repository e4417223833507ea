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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows when a client takes the place of another, or a node that of another: an orphan does not show again what
 * its successor has withdrawn, and a node stops to time the beats of what it owns no more.
 *
 * <p><b>Threading</b>: on the loop.
 */
public final class Succession implements DistroListener<ServiceKey, ClientData> {

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
        Cause cause = change.cause() == Cause.PUBLISHED ? Cause.WITHDRAWN : change.cause();
        boolean told = cause == Cause.WITHDRAWN || cause == Cause.DISCONNECTED;
        if (told && before.data() != null && distro.orphanCount() > 0) {
            for (ServiceKey service : change.keys()) {
                release(change.client(), service, before.data().about(service), about(after, service), cause);
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

    private void release(
            ClientId from, ServiceKey service, @Nullable Publication was, @Nullable Publication is, Cause cause) {
        Set<InstanceKey> withdrawn = keys(was);
        withdrawn.removeAll(keys(is));
        if (withdrawn.isEmpty()) {
            return;
        }
        services.publishers(service).forEach((client, publication) -> {
            if (client.equals(from) || !distro.isOrphan(client)) {
                return;
            }
            List<InstanceBytes> left = publication.instances().stream()
                    .filter(instance -> !withdrawn.contains(instance.instance().key()))
                    .toList();
            DistroRecord<ClientData> orphan = distro.record(client);
            ClientData all = orphan == null ? null : orphan.data();
            if (all == null || left.size() == publication.size()) {
                return;
            }
            ClientData after = left.isEmpty() ? all.without(service) : all.with(service, Publication.of(left));
            distro.trim(client, after.publications().isEmpty() ? null : after, List.of(service), cause);
        });
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
