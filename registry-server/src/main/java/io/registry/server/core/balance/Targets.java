package io.registry.server.core.balance;

import io.registry.distro.model.NodeId;
import io.registry.server.core.balance.Loads.Known;
import io.registry.server.core.cluster.HostPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where clients are sent: to the member that has the fewest, those counted that are on their way there.
 *
 * <p><b>Threading</b>: for one thread.
 */
final class Targets {

    private final Map<HostPort, Integer> clients = new LinkedHashMap<>();

    /** Makes a choice of the members that serve, this node left out. */
    static Targets of(NodeId self, List<Known> members) {
        Targets targets = new Targets();
        for (Known known : members) {
            if (known.isServing() && !known.member().id().equals(self)) {
                targets.clients.put(HostPort.of(known.member().http()), known.clients());
            }
        }
        return targets;
    }

    /** Makes a choice of one. */
    static Targets only(HostPort address) {
        Targets targets = new Targets();
        targets.clients.put(address, 0);
        return targets;
    }

    /** Returns whether there is none. */
    boolean isEmpty() {
        return clients.isEmpty();
    }

    /** Returns where the next client is to go, and counts it there; null where there is none. */
    @Nullable
    HostPort next() {
        HostPort fewest = null;
        int least = 0;
        for (Map.Entry<HostPort, Integer> each : clients.entrySet()) {
            if (fewest == null || each.getValue() < least) {
                fewest = each.getKey();
                least = each.getValue();
            }
        }
        if (fewest != null) {
            clients.put(fewest, least + 1);
        }
        return fewest;
    }
}
