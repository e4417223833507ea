package io.registry.distro.message;

import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of one record: all of it, a change of it or a part of it, or that it is there.
 *
 * @param <K> names a part of the data
 * @param <D> what clients publish
 */
public sealed interface RecordUpdate<K, D> {

    /** Whose record it is. */
    ClientId client();

    /** The place of the write in the order of writes. */
    Stamp stamp();

    /**
     * A record or a tombstone, whole.
     *
     * @param record all of it
     */
    record Whole<K, D>(DistroRecord<D> record) implements RecordUpdate<K, D> {

        @Override
        public ClientId client() {
            return record.client();
        }

        @Override
        public Stamp stamp() {
            return record.stamp();
        }
    }

    /**
     * A piece of a large living record: of all of it, or of what has changed since an earlier write of the same owner.
     * The pieces of one stamp and base make the record, once all are there.
     *
     * @param base the write that the receiver is to have, or a later one before {@code stamp}; null for all of the record
     * @param index which piece, from 0
     * @param count how many pieces, at least 1
     * @param puts the parts of the data that are there now; only those
     * @param removed the parts that are there no more
     * @param sum the content sum of the record that results
     */
    record Piece<K, D>(
            ClientId client,
            ClientKind kind,
            NodeId owner,
            long ownerIncarnation,
            Stamp stamp,
            Cause cause,
            @Nullable Stamp base,
            int index,
            int count,
            D puts,
            Collection<K> removed,
            long sum)
            implements RecordUpdate<K, D> {

        /** Refuses a cause of death, and an index that is not below the count. */
        public Piece {
            removed = List.copyOf(removed);
            if (!cause.ofLife()) {
                throw new IllegalArgumentException(
                        "cause of client " + client + ": " + cause + " (expected: one of life, it is a piece)");
            }
            if (index < 0 || index >= count) {
                throw new IllegalArgumentException("piece of client " + client + ": " + index + " of " + count
                        + " (expected: 0.." + (count - 1) + ")");
            }
        }
    }

    /**
     * That a large record is there, in place of all of it: who does not have this write asks for it.
     *
     * @param sum its content sum
     */
    record Mention<K, D>(ClientId client, NodeId owner, long ownerIncarnation, Stamp stamp, long sum)
            implements RecordUpdate<K, D> {}
}
