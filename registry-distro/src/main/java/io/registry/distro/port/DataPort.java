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
     * and in every process.
     */
    long contentSum(D data);
}
