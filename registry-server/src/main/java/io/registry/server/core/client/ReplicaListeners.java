package io.registry.server.core.client;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroChange;
import io.registry.distro.DistroListener;
import io.registry.distro.member.Member;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import java.util.List;

/**
 * Passes on what happens in the replica store, to each listener in turn.
 *
 * <p><b>Threading</b>: on the loop; the listeners are set once, before the first change.
 */
public final class ReplicaListeners implements DistroListener<ServiceKey, ClientData> {

    private List<DistroListener<ServiceKey, ClientData>> listeners = List.of();

    /** Sets who is told, in this order. */
    public void subscribers(List<DistroListener<ServiceKey, ClientData>> all) {
        listeners = List.copyOf(all);
    }

    @Override
    public void changed(DistroChange<ServiceKey, ClientData> change) {
        for (DistroListener<ServiceKey, ClientData> listener : listeners) {
            listener.changed(change);
        }
    }

    @Override
    public void memberChanged(Member member) {
        listeners.forEach(listener -> listener.memberChanged(member));
    }

    @Override
    public void doubtful(ClientId client) {
        listeners.forEach(listener -> listener.doubtful(client));
    }

    @Override
    public void buried(DistroRecord<ClientData> tombstone) {
        listeners.forEach(listener -> listener.buried(tombstone));
    }

    @Override
    public void ready() {
        listeners.forEach(DistroListener::ready);
    }
}
