package io.registry.distro;

import io.registry.distro.member.Member;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;

/**
 * Is told of every change of what clients publish, whether it was written here, arrived from elsewhere, or came with
 * time. The only way out of the store.
 *
 * <p><b>Threading:</b> called on the loop, after the store has changed, within the call or the timer that changed it.
 * May call the protocol; such a change is told at once, inside.
 *
 * @param <K> names a part of the data
 * @param <D> what clients publish
 */
@FunctionalInterface
public interface DistroListener<K, D> {

    /** Takes note of a change. */
    void changed(DistroChange<K, D> change);

    /** Takes note that another member is up or down now, has restarted, or is further than it was. */
    default void memberChanged(Member member) {}

    /**
     * Takes note that another node had registered other content for a client that beats, of which this node holds what is
     * later: the client knows better, and is to be asked to register.
     */
    default void doubtful(ClientId client) {}

    /**
     * Takes note of a tombstone of a client that was not there any more: nothing has changed, but whoever still has a use
     * for what it published should know.
     */
    default void buried(DistroRecord<D> tombstone) {}

    /** Takes note that this node is ready: it has loaded what there was to load. Called once. */
    default void ready() {}
}
