package io.registry.distro.testkit;

import io.registry.distro.port.DataPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets replication handle {@link Parts}. */
public final class PartsPort implements DataPort<String, Parts> {

    private int comparisons;

    @Override
    public Collection<String> changed(@Nullable Parts before, @Nullable Parts after) {
        comparisons++;
        Parts was = before == null ? Parts.EMPTY : before;
        Parts is = after == null ? Parts.EMPTY : after;
        if (was.equals(is)) {
            return List.of();
        }
        List<String> changed = new ArrayList<>();
        for (Map.Entry<String, String> entry : was.values().entrySet()) {
            if (!entry.getValue().equals(is.get(entry.getKey()))) {
                changed.add(entry.getKey());
            }
        }
        for (String name : is.values().keySet()) {
            if (was.get(name) == null) {
                changed.add(name);
            }
        }
        return changed;
    }

    @Override
    public long contentSum(Parts data) {
        return data.sum();
    }

    @Override
    public int size(Parts data) {
        return data.size();
    }

    @Override
    public Collection<String> keys(Parts data) {
        return data.values().keySet();
    }

    @Override
    public int bytes(Parts data, String key) {
        String value = data.get(key);
        return key.length() + (value == null ? 0 : value.length());
    }

    @Override
    public Parts only(Parts data, Collection<String> keys) {
        Parts only = Parts.EMPTY;
        for (String key : keys) {
            String value = data.get(key);
            if (value != null) {
                only = only.with(key, value);
            }
        }
        return only;
    }

    @Override
    public Parts patched(@Nullable Parts data, Parts puts, Collection<String> removed) {
        Parts patched = data == null ? Parts.EMPTY : data;
        for (String key : removed) {
            patched = patched.without(key);
        }
        for (Map.Entry<String, String> entry : puts.values().entrySet()) {
            patched = patched.with(entry.getKey(), entry.getValue());
        }
        return patched;
    }

    /** Returns how often two versions were compared. */
    public int comparisons() {
        return comparisons;
    }
}
