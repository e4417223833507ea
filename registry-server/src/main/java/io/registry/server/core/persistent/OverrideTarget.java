package io.registry.server.core.persistent;

import io.registry.api.model.InstanceKey;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What an override is about, inside its service. What a scope does not look at is blank.
 *
 * @param scope for whom it holds
 * @param ip the address; blank for a whole service
 * @param port 0..65535; 0 for a whole service
 * @param cluster the cluster of the instance; blank for an address, which counts in every cluster, and for a service
 */
public record OverrideTarget(Scope scope, String ip, int port, String cluster) implements Comparable<OverrideTarget> {

    /** For whom an override holds. */
    public enum Scope {
        /**
         * For an instance as long as its {@code ip:port} is present in the service; a short gap does not end that, and
         * neither does a restart of servers.
         */
        INCARNATION,
        /** For whatever is at the {@code ip:port} in the service, now and later. */
        ADDRESS,
        /** For every instance of the service, now and later. */
        SERVICE
    }

    /** All instances of a service. */
    public static final OverrideTarget WHOLE_SERVICE = new OverrideTarget(Scope.SERVICE, "", 0, "");

    private static final Comparator<OverrideTarget> ORDER = Comparator.comparing(OverrideTarget::scope)
            .thenComparing(OverrideTarget::ip)
            .thenComparingInt(OverrideTarget::port)
            .thenComparing(OverrideTarget::cluster);

    /** Leaves out what the scope does not look at. */
    public OverrideTarget {
        ip = scope == Scope.SERVICE ? "" : ip;
        port = scope == Scope.SERVICE ? 0 : port;
        cluster = scope == Scope.INCARNATION ? cluster : "";
    }

    /** Returns an instance as long as it is there. */
    public static OverrideTarget incarnation(InstanceKey instance) {
        return new OverrideTarget(Scope.INCARNATION, instance.ip(), instance.port(), instance.cluster());
    }

    /** Returns whatever is at an address. */
    public static OverrideTarget address(String ip, int port) {
        return new OverrideTarget(Scope.ADDRESS, ip, port, "");
    }

    /** Returns the {@code ip:port} whose presence is the life of this target, or null where it has no end of its own. */
    public @Nullable String lifeline() {
        return scope == Scope.INCARNATION ? ip + ":" + port : null;
    }

    @Override
    public int compareTo(OverrideTarget other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return switch (scope) {
            case INCARNATION -> ip + ":" + port + ":" + cluster;
            case ADDRESS -> ip + ":" + port;
            case SERVICE -> "all";
        };
    }
}
