package io.registry.server.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what has been proved, within a bound: two generations, of which the older one is forgotten when the younger one
 * is full. What is asked for stays.
 *
 * <p><b>Threading</b>: from any thread; two that fill it at once may forget a generation too many, which costs a proof.
 */
final class RecentlyProved<K, V> {

    private final int generationMax;
    private volatile Map<K, V> young = new ConcurrentHashMap<>();
    private volatile Map<K, V> old = Map.of();

    RecentlyProved(int generationMax) {
        this.generationMax = generationMax;
    }

    @Nullable
    V get(K key) {
        V value = young.get(key);
        if (value == null) {
            value = old.get(key);
            if (value != null) {
                put(key, value);
            }
        }
        return value;
    }

    void put(K key, V value) {
        if (young.size() >= generationMax) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
        young.put(key, value);
    }
}
