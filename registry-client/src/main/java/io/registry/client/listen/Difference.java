package io.registry.client.listen;

import io.registry.api.listen.ServiceChange;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What differs between two lists of a service. What both begin and end with is passed over, and unchanged instances are
 * mostly the same objects, so the work grows with what changed.
 */
final class Difference {

    private Difference() {}

    static ServiceChange between(ServiceKey service, List<Instance> before, List<Instance> now) {
        int from = 0;
        int shorter = Math.min(before.size(), now.size());
        while (from < shorter && before.get(from).equals(now.get(from))) {
            from++;
        }
        int same = 0;
        while (same < shorter - from && before.get(before.size() - 1 - same).equals(now.get(now.size() - 1 - same))) {
            same++;
        }
        Map<InstanceKey, Instance> gone = new LinkedHashMap<>();
        for (Instance instance : before.subList(from, before.size() - same)) {
            gone.put(instance.key(), instance);
        }
        List<Instance> added = new ArrayList<>();
        List<Instance> modified = new ArrayList<>();
        for (Instance instance : now.subList(from, now.size() - same)) {
            Instance was = gone.remove(instance.key());
            if (was == null) {
                added.add(instance);
            } else if (!was.equals(instance)) {
                modified.add(instance);
            }
        }
        return new ServiceChange(
                service,
                now,
                Collections.unmodifiableList(added),
                List.copyOf(gone.values()),
                Collections.unmodifiableList(modified));
    }
}
