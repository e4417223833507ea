package io.registry.distro;

import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.task.WakeUp;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The records that nobody speaks for at the moment, each with the time at which it goes. At most one entry per living
 * record.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Orphans {

    private final TreeMap<ClientId, Orphan> byClient = new TreeMap<>();
    private final TreeSet<Orphan> byDeadline =
            new TreeSet<>(Comparator.comparingLong(Orphan::deadlineMillis).thenComparing(Orphan::client));

    /** Why nobody speaks for a record. */
    enum Why {
        /** This node owns it, and ended its connection; it ends with a tombstone. */
        DRAINED,
        /** This node wrote it, had given it up, and was handed it back; it ends with a tombstone. */
        GIVEN_BACK,
        /** Its owner has not been heard for a while, or is no member any more. */
        OWNER_SILENT,
        /** Its owner has started anew. */
        OWNER_RESTARTED,
        /** Its owner does not list it; somebody else may have taken it over. */
        OMITTED,
        /** It was read back after a restart of this node. */
        RESTORED,
        /** While this node loaded, another one had it as an orphan. */
        HEARSAY
    }

    /**
     * A record without a voice.
     *
     * @param deadlineMillis when it goes, by the monotonic clock
     */
    record Orphan(ClientId client, long deadlineMillis, Why why) {

        /** How it goes: {@link Cause#SILENCE} with a tombstone, {@link Cause#FORGOTTEN} without. */
        Cause end() {
            return why == Why.DRAINED || why == Why.GIVEN_BACK ? Cause.SILENCE : Cause.FORGOTTEN;
        }

        /** Whether it goes for want of any word, and not since somebody said something. */
        boolean isForSilence() {
            return why == Why.OWNER_SILENT || why == Why.RESTORED || why == Why.HEARSAY;
        }
    }

    void mark(Orphan orphan) {
        clear(orphan.client());
        byClient.put(orphan.client(), orphan);
        byDeadline.add(orphan);
    }

    void clear(ClientId client) {
        Orphan orphan = byClient.remove(client);
        if (orphan != null) {
            byDeadline.remove(orphan);
        }
    }

    @Nullable
    Orphan find(ClientId client) {
        return byClient.get(client);
    }

    /** The one with the earliest deadline, if that has come. */
    @Nullable
    Orphan due(long nowMillis) {
        return earliestMillis() > nowMillis ? null : byDeadline.first();
    }

    long earliestMillis() {
        return byDeadline.isEmpty() ? WakeUp.NEVER : byDeadline.first().deadlineMillis();
    }

    int size() {
        return byClient.size();
    }
}
