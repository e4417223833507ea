package io.registry.distro;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.Stamp;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the latest writes to this node's own large records changed, so that a change travels without the rest of the
 * record.
 *
 * <p><b>Bounds:</b> one log for each living record of many parts; of each, no more keys than half of its parts, since
 * beyond that all of it is hardly more.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class ChangeLogs<K> {

    private final Map<ClientId, Log<K>> logs = new TreeMap<>();

    private record Change<K>(Stamp stamp, Collection<K> keys) {}

    private static final class Log<K> {
        private final Deque<Change<K>> changes = new ArrayDeque<>();
        private Stamp base;
        private int keys;

        Log(Stamp base) {
            this.base = base;
        }
    }

    /**
     * Notes a write of this node to a record of its own.
     *
     * @param before the living record that was, of this node and incarnation
     * @param keys what the write changed
     * @param keysMax how many keys the log may hold; the oldest changes go
     */
    void written(DistroRecord<?> before, Stamp stamp, Collection<K> keys, int keysMax) {
        Log<K> log = logs.computeIfAbsent(before.client(), client -> new Log<>(before.stamp()));
        log.changes.addLast(new Change<>(stamp, keys));
        log.keys += keys.size();
        while (log.keys > keysMax && !log.changes.isEmpty()) {
            Change<K> oldest = log.changes.removeFirst();
            log.base = oldest.stamp();
            log.keys -= oldest.keys().size();
        }
    }

    /** Drops the log of a record: what is now did not come about by this node's writes alone. */
    void drop(ClientId client) {
        logs.remove(client);
    }

    /** Returns which keys were changed after a write; null where the log does not reach back to it. */
    @Nullable
    Collection<K> since(ClientId client, Stamp base) {
        Log<K> log = logs.get(client);
        if (log == null || log.base.isAfter(base)) {
            return null;
        }
        Collection<K> keys = new LinkedHashSet<>();
        for (Change<K> change : log.changes) {
            if (change.stamp().isAfter(base)) {
                keys.addAll(change.keys());
            }
        }
        return keys;
    }
}
