package io.registry.server.fault;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What nodes and clients have to show of each service: all that lives, nothing but that and what has gone lately.
 *
 * <p><b>Threading</b>: one thread.
 */
final class Expectation {

    private final Map<String, Set<String>> living = new TreeMap<>();

    /** When what is gone went, or was last free to go. */
    private final Map<String, Map<String, Long>> goneAtNanos = new LinkedHashMap<>();

    private final long leaseNanos;

    /** @param lease how long something that is gone may be shown at most, once the network is whole */
    Expectation(Set<String> services, Duration lease) {
        services.forEach(service -> {
            living.put(service, new TreeSet<>());
            goneAtNanos.put(service, new TreeMap<>());
        });
        this.leaseNanos = lease.toNanos();
    }

    void came(String service, String address) {
        set(living, service).add(address);
        gone(service).remove(address);
    }

    void went(String service, String address) {
        set(living, service).remove(address);
        gone(service).put(address, System.nanoTime());
    }

    /** From now on everything is whole: what could not be known before counts from here. */
    void healed() {
        long now = System.nanoTime();
        goneAtNanos.values().forEach(each -> each.replaceAll((address, at) -> now - at < leaseNanos ? now : at));
    }

    Set<String> services() {
        return living.keySet();
    }

    Set<String> living(String service) {
        return set(living, service);
    }

    /** Tells whether something that is gone may still be shown. */
    boolean leaseRuns() {
        long now = System.nanoTime();
        return goneAtNanos.values().stream()
                .anyMatch(each -> each.values().stream().anyMatch(at -> now - at < leaseNanos));
    }

    /** Returns in words what is wrong with a list that is shown now; empty where nothing is. */
    String wrong(String service, Set<String> shown) {
        Set<String> missing = new TreeSet<>(set(living, service));
        missing.removeAll(shown);
        Set<String> ghosts = new TreeSet<>(shown);
        ghosts.removeAll(set(living, service));
        long now = System.nanoTime();
        ghosts.removeIf(address -> {
            Long at = gone(service).get(address);
            return at != null && now - at < leaseNanos;
        });
        return missing.isEmpty() && ghosts.isEmpty() ? "" : service + " lacks " + missing + ", has ghosts " + ghosts;
    }

    private static Set<String> set(Map<String, Set<String>> map, String service) {
        Set<String> set = map.get(service);
        if (set == null) {
            throw new IllegalArgumentException("service: " + service + " (expected: one of " + map.keySet() + ")");
        }
        return set;
    }

    private Map<String, Long> gone(String service) {
        Map<String, Long> gone = goneAtNanos.get(service);
        if (gone == null) {
            throw new IllegalArgumentException("service: " + service + " (expected: one of " + living.keySet() + ")");
        }
        return gone;
    }
}
