package io.registry.distro;

import io.registry.distro.message.RecordUpdate.Piece;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of large records that have arrived while others are still under way: of each client those of one write and one
 * base, the newest.
 *
 * <p><b>Bounds:</b> one record's pieces for each large client; dropped after {@value #KEPT_MILLIS} ms, and when their
 * sender restarts.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Pieces<K, D> {

    /** As long as a sender tries again in its longest interval. */
    static final long KEPT_MILLIS = 30_000;

    private final Map<ClientId, Started<K, D>> started = new TreeMap<>();
    private final boolean ofOneWrite;

    private static final class Started<K, D> {
        private final Map<Integer, Piece<K, D>> byIndex = new TreeMap<>();
        private final Piece<K, D> first;
        private final long sinceMillis;

        Started(Piece<K, D> first, long sinceMillis) {
            this.first = first;
            this.sinceMillis = sinceMillis;
        }
    }

    /**
     * Makes an empty store.
     *
     * @param ofOneWrite whether pieces are told apart by their write; always, but for tests
     */
    Pieces(boolean ofOneWrite) {
        this.ofOneWrite = ofOneWrite;
    }

    /** Takes a piece in, and returns all of its record where it was the last that was missing; null otherwise. */
    @Nullable
    Iterable<Piece<K, D>> add(Piece<K, D> piece, long nowMillis) {
        dropOld(nowMillis);
        if (piece.count() == 1) {
            started.remove(piece.client());
            return List.of(piece);
        }
        Started<K, D> record = started.get(piece.client());
        if (record == null || (ofOneWrite && !isOfTheSame(record.first, piece))) {
            if (record != null && record.first.stamp().isAfter(piece.stamp())) {
                return null;
            }
            record = new Started<>(piece, nowMillis);
            started.put(piece.client(), record);
        }
        record.byIndex.put(piece.index(), piece);
        if (record.byIndex.size() < piece.count()) {
            return null;
        }
        started.remove(piece.client());
        return record.byIndex.values();
    }

    /** Drops the pieces of an owner's records. */
    void drop(NodeId owner) {
        started.values().removeIf(record -> record.first.owner().equals(owner));
    }

    private static boolean isOfTheSame(Piece<?, ?> one, Piece<?, ?> other) {
        return one.stamp().equals(other.stamp())
                && Objects.equals(one.base(), other.base())
                && one.count() == other.count()
                && one.owner().equals(other.owner())
                && one.ownerIncarnation() == other.ownerIncarnation();
    }

    private void dropOld(long nowMillis) {
        Iterator<Started<K, D>> each = started.values().iterator();
        while (each.hasNext()) {
            if (nowMillis - each.next().sinceMillis > KEPT_MILLIS) {
                each.remove();
            }
        }
    }
}
