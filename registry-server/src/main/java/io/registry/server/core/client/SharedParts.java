package io.registry.server.core.client;

import io.registry.api.model.Instance;
import java.util.Map;

/**
 * Finds the parts that many instances have in common (addresses, clusters, metadata), so that they are kept once. It
 * remembers a bounded number of them and forgets one for another; what it misses is kept twice, and nothing else happens.
 *
 * <p><b>Threading</b>: any thread; without locks, for the parts are immutable, and who reads an old one only misses.
 */
public final class SharedParts {

    /** How many parts are remembered: with what they hold, a few megabytes at most. */
    private static final int SLOTS = 1 << 14;

    /** Longer texts and larger metadata are rarely shared, and would make the bound on memory a loose one. */
    private static final int TEXT_MAX = 64;

    private static final int PAIRS_MAX = 8;

    private final Object[] parts = new Object[SLOTS];

    /** Returns an equal text, the remembered one where there is one. */
    public String text(String text) {
        if (text.length() > TEXT_MAX) {
            return text;
        }
        int slot = slot(text.hashCode());
        if (parts[slot] instanceof String seen && seen.equals(text)) {
            return seen;
        }
        parts[slot] = text;
        return text;
    }

    /**
     * Returns equal metadata, the remembered ones where there are some.
     *
     * @param metadata those of an {@link Instance}, immutable therefore
     */
    public Map<String, String> metadata(Map<String, String> metadata) {
        if (metadata.isEmpty() || metadata.size() > PAIRS_MAX) {
            return metadata;
        }
        for (Map.Entry<String, String> pair : metadata.entrySet()) {
            if (pair.getKey().length() > TEXT_MAX || pair.getValue().length() > TEXT_MAX) {
                return metadata;
            }
        }
        int slot = slot(metadata.hashCode());
        // Maps with equal pairs in another order are equal and not the same: clients see the order.
        if (parts[slot] instanceof Shape seen && seen.sameAs(metadata)) {
            return seen.metadata;
        }
        parts[slot] = new Shape(metadata);
        return metadata;
    }

    /** Returns an equal instance that shares its parts. */
    public Instance instance(Instance read) {
        return new Instance(
                read.id(),
                text(read.ip()),
                read.port(),
                read.weight(),
                read.healthy(),
                read.enabled(),
                read.ephemeral(),
                text(read.cluster()),
                metadata(read.metadata()),
                read.service());
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16 ^ hash >>> 7) & SLOTS - 1;
    }

    /** Metadata, to be compared with regard to their order. */
    private record Shape(Map<String, String> metadata) {

        boolean sameAs(Map<String, String> other) {
            if (metadata.size() != other.size()) {
                return false;
            }
            var mine = metadata.entrySet().iterator();
            var theirs = other.entrySet().iterator();
            while (mine.hasNext()) {
                if (!mine.next().equals(theirs.next())) {
                    return false;
                }
            }
            return true;
        }
    }
}
