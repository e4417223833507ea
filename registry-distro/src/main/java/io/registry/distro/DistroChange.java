package io.registry.distro;

import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A change of one client's record.
 *
 * @param client whose record it is
 * @param before the living record that was; null where the client was not there
 * @param after what is now: the living record, or the tombstone; null where the client was forgotten without one
 * @param keys the parts of the data that differ, in a defined order; empty where only stamp or owner are new. Not to be
 *     changed by anybody
 * @param cause why: the cause of {@code after}, unless this node alone has a reason of its own ({@link Cause#RESTORED},
 *     {@link Cause#FORGOTTEN}, or {@link Cause#WITHDRAWN} of an orphan whose successor has withdrawn the same)
 * @param <K> names a part of the data
 * @param <D> what clients publish
 */
public record DistroChange<K, D>(
        ClientId client,
        @Nullable DistroRecord<D> before,
        @Nullable DistroRecord<D> after,
        Collection<K> keys,
        Cause cause) {

    /** Returns whether the client is gone. */
    public boolean isGone() {
        return after == null || after.isTombstone();
    }
}
