package io.registry.distro.sim;

import io.registry.distro.DistroProtocol;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.testkit.Parts;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often something happened that nobody wants, and how much was sent. What is promised never to happen is no anomaly
 * but a {@link Violation}; these are the rest, to be seen and compared.
 */
public final class Anomalies {

    /** What is counted. */
    public enum Kind {
        /** A beating instance that was there vanished from a node that serves. */
        BEAT_GAPS,
        /** A deregistered instance appeared on a node that serves, by a word that nobody has withdrawn. */
        DEREGISTERED_RETURNED,
        /** It appeared on a node to which the withdrawal, that another one knows, was still under way. */
        DEREGISTERED_LATE,
        /** What an instance registered last was lost in the end to something that it had registered before. */
        STALE_CONTENT,
        /** A connection appeared for the first time on a node that serves although it had closed some time ago. */
        CLOSED_APPEARED,
        /** A connection that lives vanished from a node that serves. */
        CONNECTION_GAPS,
        /** A client stayed on a node with a majority for longer than the lease. */
        GHOSTS,
        /** Records that were sent in repair, to a node that serves. */
        REPAIRED,
        /** Of these, the ones in messages that brought nothing new. */
        REPAIRED_NEEDLESSLY,
        /** Parts of what clients publish that were written. */
        PARTS_CHANGED,
        /** Parts that were sent to other nodes on account of changes. */
        PARTS_SENT,
        /** Messages sent, of all kinds. */
        MESSAGES
    }

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    /** Returns how often. */
    public long of(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** Takes in what another run counted. */
    public void add(Anomalies other) {
        other.counts.forEach(this::count);
    }

    void count(Kind kind) {
        count(kind, 1);
    }

    void changed(int parts) {
        count(Kind.PARTS_CHANGED, parts);
    }

    void sent(DistroMessage<String, Parts> message) {
        count(Kind.MESSAGES, 1);
        if (message instanceof DistroMessage.Sync<String, Parts> sync) {
            for (RecordUpdate<String, Parts> update : sync.updates()) {
                count(Kind.PARTS_SENT, parts(update));
            }
        }
    }

    void received(DistroMessage<String, Parts> message, DistroProtocol<String, Parts> protocol) {
        if (!(message instanceof DistroMessage.BucketSync<String, Parts> sync) || !protocol.isReady()) {
            return;
        }
        int records = 0;
        int known = 0;
        for (DistroMessage.BucketPart<String, Parts> part : sync.parts()) {
            for (RecordUpdate<String, Parts> update : part.updates()) {
                if (!isTombstone(update)) {
                    DistroRecord<Parts> held = protocol.record(update.client());
                    records++;
                    known += held != null && held.stamp().compareTo(update.stamp()) >= 0 ? 1 : 0;
                }
            }
        }
        count(Kind.REPAIRED, records);
        count(Kind.REPAIRED_NEEDLESSLY, known == records ? records : 0);
    }

    @Override
    public String toString() {
        Map<String, Long> shown = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            shown.put(kind.name().toLowerCase(Locale.ROOT).replace('_', ' '), of(kind));
        }
        return shown.toString();
    }

    private void count(Kind kind, long times) {
        counts.merge(kind, times, Long::sum);
    }

    private static boolean isTombstone(RecordUpdate<String, Parts> update) {
        return update instanceof RecordUpdate.Whole<String, Parts> whole
                && whole.record().isTombstone();
    }

    private static int parts(RecordUpdate<String, Parts> update) {
        if (update instanceof RecordUpdate.Whole<String, Parts> whole) {
            @Nullable Parts data = whole.record().data();
            return data == null ? 0 : data.size();
        }
        return update instanceof RecordUpdate.Piece<String, Parts> piece
                ? piece.puts().size() + List.copyOf(piece.removed()).size()
                : 0;
    }
}
