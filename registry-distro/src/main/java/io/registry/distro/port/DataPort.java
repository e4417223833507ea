package io.registry.distro.port;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What replication must be able to do with the data that it carries.
 *
 * @param <K> names a part of the data, such as one publication
 * @param <D> what clients publish; immutable
 */
public interface DataPort<K, D> {

    /**
     * Returns the keys whose values differ, in an order that depends on nothing but the two arguments. Asked for writes
     * that arrive from elsewhere and for records that vanish; local writes name their keys themselves.
     *
     * @param before what was; null where there was nothing
     * @param after what is; null where there is nothing
     */
    Collection<K> changed(@Nullable D before, @Nullable D after);

    /**
     * Returns a sum over the content, computed from bytes by a fixed function: equal for equal content, on every node
     * and in every process. Asked for at each write, so it must not take longer the more there is.
     */
    long contentSum(D data);

    /** Returns how many parts there are. Asked for at each write. */
    int size(D data);

    /** Returns the keys of all parts, in a defined order. */
    Collection<K> keys(D data);

    /** Returns about how many bytes a part takes on its way to another node. */
    int bytes(D data, K key);

    /** Returns the parts with these keys, of those that are there, and no others. */
    D only(D data, Collection<K> keys);

    /**
     * Returns data with some parts added or replaced, and some taken out.
     *
     * @param data what was; null where there was nothing
     */
    D patched(@Nullable D data, D puts, Collection<K> removed);
}
