package io.registry.distro;

import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.port.DataPort;
import java.util.Set;

/**
 * This node, as all of its parts know it.
 *
 * @param id who it is
 * @param incarnation greater than at any earlier start of it
 * @param config its times and limits
 * @param ports what it sees of the world
 * @param rules those that it keeps; all, but in tests
 */
record LocalNode<K, D>(NodeId id, long incarnation, DistroConfig config, DistroPorts<K, D> ports, Set<Rule> rules) {

    /** Whether this incarnation of this node owns a record. */
    boolean owns(DistroRecord<?> record) {
        return record.isOwnedBy(id, incarnation);
    }

    /** Whether it keeps a rule. */
    boolean keeps(Rule rule) {
        return rules.contains(rule);
    }

    /** What nodes tell each other. */
    SyncConfig sync() {
        return config.sync();
    }

    /** What understands the data. */
    DataPort<K, D> data() {
        return ports.data();
    }

    /** Now, by the monotonic clock. */
    long nowMillis() {
        return ports.clock().monotonicMillis();
    }
}
