package io.registry.distro.model;

import org.jspecify.annotations.Nullable;

/**
 * All that one client publishes, as one immutable value, with who owns it and when it was written; or a tombstone, which
 * says that the client is gone, and why.
 *
 * @param client whose record it is
 * @param kind what keeps the client alive
 * @param owner the node that may write the record
 * @param ownerIncarnation the incarnation of that node; rises at each of its starts
 * @param stamp the place of this write in the order of writes
 * @param data what the client publishes; null in a tombstone
 * @param cause why the record was written; of life where there is data, of death in a tombstone
 * @param <D> what clients publish; immutable
 */
public record DistroRecord<D>(
        ClientId client,
        ClientKind kind,
        NodeId owner,
        long ownerIncarnation,
        Stamp stamp,
        @Nullable D data,
        Cause cause) {

    /** Refuses data with a cause of death, and a tombstone without one. */
    public DistroRecord {
        if (data == null ? !cause.ofDeath() : !cause.ofLife()) {
            throw new IllegalArgumentException("cause of client " + client + ": " + cause + " (expected: one of "
                    + (data == null ? "death, there is no data)" : "life, there is data)"));
        }
    }

    /** Returns whether the client is gone. */
    public boolean isTombstone() {
        return data == null;
    }

    /** Returns this record, of the same write, with other data. */
    public DistroRecord<D> withData(D other) {
        return new DistroRecord<>(client, kind, owner, ownerIncarnation, stamp, other, cause);
    }

    /** Returns whether this incarnation of this node owns the record. */
    public boolean isOwnedBy(NodeId node, long incarnation) {
        return ownerIncarnation == incarnation && owner.equals(node);
    }
}
