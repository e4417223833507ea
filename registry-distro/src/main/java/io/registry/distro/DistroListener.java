package io.registry.distro;

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
}
