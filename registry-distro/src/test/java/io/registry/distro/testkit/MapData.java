package io.registry.distro.testkit;

import io.registry.distro.port.DataPort;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Data that is a small map of names to values, never changed once made. */
public final class MapData implements DataPort<String, SortedMap<String, String>> {

    private int comparisons;

    /** Returns a map of names and values in turn. */
    public static SortedMap<String, String> of(String... namesAndValues) {
        SortedMap<String, String> data = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            data.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return data;
    }

    @Override
    public Collection<String> changed(
            @Nullable SortedMap<String, String> before, @Nullable SortedMap<String, String> after) {
        comparisons++;
        SortedMap<String, String> was = before == null ? of() : before;
        SortedMap<String, String> is = after == null ? of() : after;
        TreeSet<String> keys = new TreeSet<>(was.keySet());
        keys.addAll(is.keySet());
        keys.removeIf(key -> is.containsKey(key) && is.get(key).equals(was.get(key)));
        return keys;
    }

    @Override
    public long contentSum(SortedMap<String, String> data) {
        CRC32 sum = new CRC32();
        data.forEach((name, value) -> sum.update((name + '\0' + value + '\0').getBytes(StandardCharsets.UTF_8)));
        return sum.getValue();
    }

    @Override
    public int size(SortedMap<String, String> data) {
        return data.size();
    }

    @Override
    public Collection<String> keys(SortedMap<String, String> data) {
        return data.keySet();
    }

    @Override
    public int bytes(SortedMap<String, String> data, String key) {
        return key.length() + data.getOrDefault(key, "").length();
    }

    @Override
    public SortedMap<String, String> only(SortedMap<String, String> data, Collection<String> keys) {
        SortedMap<String, String> some = new TreeMap<>(data);
        some.keySet().retainAll(keys);
        return some;
    }

    @Override
    public SortedMap<String, String> patched(
            @Nullable SortedMap<String, String> data, SortedMap<String, String> puts, Collection<String> removed) {
        SortedMap<String, String> patched = data == null ? new TreeMap<>() : new TreeMap<>(data);
        patched.putAll(puts);
        patched.keySet().removeAll(removed);
        return patched;
    }

    /** Returns how often two versions were compared. */
    public int comparisons() {
        return comparisons;
    }
}
