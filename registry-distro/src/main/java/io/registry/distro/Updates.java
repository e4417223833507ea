package io.registry.distro;

import io.registry.distro.message.RecordUpdate;
import io.registry.distro.message.RecordUpdate.Mention;
import io.registry.distro.message.RecordUpdate.Piece;
import io.registry.distro.message.RecordUpdate.Whole;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.Stamp;
import io.registry.distro.port.DataPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Puts records into the form in which they travel: whole where they are small, in pieces where they are large, and only
 * what has changed where the other side is known to hold what was before.
 *
 * <p><b>Threading:</b> runs on the loop; holds no state of its own.
 */
final class Updates<K, D> {

    /** What a record is beside its data: ids, stamp, and the frame of a message. An estimate. */
    private static final int FRAME_BYTES = 160;

    private final DataPort<K, D> port;
    private final ChangeLogs<K> logs;
    private final SyncConfig config;

    Updates(DataPort<K, D> port, ChangeLogs<K> logs, SyncConfig config) {
        this.port = port;
        this.logs = logs;
        this.config = config;
    }

    /** Whether changes of a record travel without the rest of it. */
    boolean isLarge(DistroRecord<D> record) {
        return record.data() != null && port.size(record.data()) >= config.deltaFrom();
    }

    /**
     * Returns the updates that bring a record to a peer, at least one.
     *
     * @param held the write that the peer holds; null where that is not known
     */
    List<RecordUpdate<K, D>> of(DistroRecord<D> record, @Nullable Stamp held) {
        D data = record.data();
        if (data == null || !isLarge(record)) {
            return List.of(new Whole<>(record));
        }
        if (held != null && record.stamp().isAfter(held)) {
            Collection<K> keys = logs.since(record.client(), held);
            if (keys != null && keys.size() * 2 < port.size(data)) {
                return pieces(record, data, held, keys);
            }
        }
        int bytes = bytes(record, Integer.MAX_VALUE);
        return bytes <= config.batchBytesMax()
                ? List.of(new Whole<>(record))
                : pieces(record, data, null, port.keys(data));
    }

    /** Returns what stands for a record in its bucket: all of it, or where it is large, that it is there. */
    RecordUpdate<K, D> inBucket(DistroRecord<D> record) {
        D data = record.data();
        return data != null && isLarge(record) && bytes(record, config.batchBytesMax() / 4) > config.batchBytesMax() / 4
                ? new Mention<>(
                        record.client(),
                        record.owner(),
                        record.ownerIncarnation(),
                        record.stamp(),
                        port.contentSum(data))
                : new Whole<>(record);
    }

    /** About how many bytes an update takes. */
    int bytes(RecordUpdate<K, D> update) {
        if (update instanceof Whole<K, D> whole) {
            return bytes(whole.record(), Integer.MAX_VALUE);
        }
        if (update instanceof Piece<K, D> piece) {
            int bytes = FRAME_BYTES + piece.removed().size() * FRAME_BYTES;
            for (K key : port.keys(piece.puts())) {
                bytes += port.bytes(piece.puts(), key);
            }
            return bytes;
        }
        return FRAME_BYTES;
    }

    /**
     * Divides what is to be sent among messages, in its order; what alone exceeds a message has one to itself.
     *
     * @param bytes about how many bytes each takes
     * @param frameBytes about how many bytes a message takes beside
     */
    <T> List<List<T>> messages(Collection<T> all, ToIntFunction<T> bytes, int frameBytes) {
        List<List<T>> messages = new ArrayList<>();
        List<T> message = new ArrayList<>();
        int size = frameBytes;
        for (T each : all) {
            int more = bytes.applyAsInt(each);
            if (!message.isEmpty() && !fits(message.size() + 1, size + more)) {
                messages.add(message);
                message = new ArrayList<>();
                size = frameBytes;
            }
            message.add(each);
            size += more;
        }
        if (!message.isEmpty()) {
            messages.add(message);
        }
        return messages;
    }

    /** Whether one message may bring so much. */
    boolean fits(int count, int bytes) {
        return count <= config.batchMax() && bytes <= config.batchBytesMax();
    }

    private int bytes(DistroRecord<D> record, int enough) {
        int bytes = FRAME_BYTES;
        if (record.data() != null) {
            for (K key : port.keys(record.data())) {
                bytes += port.bytes(record.data(), key);
                if (bytes > enough) {
                    break;
                }
            }
        }
        return bytes;
    }

    private List<RecordUpdate<K, D>> pieces(DistroRecord<D> record, D data, @Nullable Stamp base, Collection<K> keys) {
        // A record whose stamp alone is new has one piece, with nothing in it.
        List<List<K>> groups =
                keys.isEmpty() ? List.of(List.of()) : messages(keys, key -> port.bytes(data, key), FRAME_BYTES);
        List<RecordUpdate<K, D>> pieces = new ArrayList<>();
        for (List<K> part : groups) {
            D puts = port.only(data, part);
            Collection<K> there = port.keys(puts);
            List<K> removed = new ArrayList<>();
            if (there.size() < part.size()) {
                for (K key : part) {
                    if (!there.contains(key)) {
                        removed.add(key);
                    }
                }
            }
            pieces.add(new Piece<>(
                    record.client(),
                    record.kind(),
                    record.owner(),
                    record.ownerIncarnation(),
                    record.stamp(),
                    record.cause(),
                    base,
                    pieces.size(),
                    groups.size(),
                    puts,
                    removed,
                    port.contentSum(data)));
        }
        return pieces;
    }
}
