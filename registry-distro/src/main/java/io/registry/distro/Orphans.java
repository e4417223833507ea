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

    /**
     * A record without a voice.
     *
     * @param deadlineMillis when it goes, by the monotonic clock
     * @param end how it goes: {@link Cause#SILENCE} with a tombstone, {@link Cause#FORGOTTEN} without
     */
    record Orphan(ClientId client, long deadlineMillis, Cause end) {}

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

    /** Takes out the one with the earliest deadline, if that has come. */
    @Nullable
    Orphan takeDue(long nowMillis) {
        if (earliestMillis() > nowMillis) {
            return null;
        }
        Orphan due = byDeadline.first();
        clear(due.client());
        return due;
    }

    long earliestMillis() {
        return byDeadline.isEmpty() ? WakeUp.NEVER : byDeadline.first().deadlineMillis();
    }

    int size() {
        return byClient.size();
    }
}
