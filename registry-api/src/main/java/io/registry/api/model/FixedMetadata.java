package io.registry.api.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A few pairs in the order in which they came, in one array: instances are many, and a hash table for two or three pairs
 * is several times the size of what it holds.
 *
 * <p><b>Threading</b>: immutable, and safe to be handed over without any.
 */
final class FixedMetadata extends AbstractMap<String, String> {

    /** The most pairs that are searched one by one. */
    private static final int PAIRS_MAX = 24;

    /** Key, value, key, value. */
    private final String[] pairs;

    private FixedMetadata(String[] pairs) {
        this.pairs = pairs;
    }

    /** Returns the pairs as they are now, unmodifiable; null values become the empty string. */
    static Map<String, String> of(Map<String, String> metadata) {
        if (metadata instanceof FixedMetadata) {
            return metadata;
        }
        if (metadata.isEmpty()) {
            return Map.of();
        }
        if (metadata.size() > PAIRS_MAX) {
            Map<String, String> copy = new LinkedHashMap<>(metadata.size() * 4 / 3 + 1);
            metadata.forEach((key, value) -> copy.put(key, value == null ? "" : value));
            return Collections.unmodifiableMap(copy);
        }
        String[] pairs = new String[2 * metadata.size()];
        int at = 0;
        for (Map.Entry<String, String> pair : metadata.entrySet()) {
            String value = pair.getValue();
            pairs[at++] = pair.getKey();
            pairs[at++] = value == null ? "" : value;
        }
        return new FixedMetadata(pairs);
    }

    @Override
    public int size() {
        return pairs.length / 2;
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(key)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return pairs.length / 2;
            }

            @Override
            public Iterator<Map.Entry<String, String>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, String>> {

        private int at;

        @Override
        public boolean hasNext() {
            return at < pairs.length;
        }

        @Override
        public Map.Entry<String, String> next() {
            if (at >= pairs.length) {
                throw new NoSuchElementException();
            }
            at += 2;
            return Map.entry(pairs[at - 2], pairs[at - 1]);
        }
    }
}
