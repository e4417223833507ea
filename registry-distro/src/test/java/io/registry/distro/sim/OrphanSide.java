package io.registry.distro.sim;

import io.registry.distro.DistroChange;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.testkit.Parts;
import io.registry.distro.testkit.PartsPort;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node does about the orphans of a client that has come back over another connection: what it takes back there,
 * its orphans must not show again, nor for long what was on a connection that has ended.
 */
final class OrphanSide {

    private static final Duration CONNECTS_AGAIN = Duration.ofSeconds(10);

    private final DistroProtocol<String, Parts> protocol;

    OrphanSide(DistroProtocol<String, Parts> protocol) {
        this.protocol = protocol;
    }

    void changed(DistroChange<String, Parts> change) {
        DistroRecord<Parts> before = change.before();
        Cause cause = change.cause();
        boolean told = cause == Cause.PUBLISHED || cause == Cause.WITHDRAWN;
        if (protocol.orphanCount() == 0
                || before == null
                || before.kind() != ClientKind.CONNECTION
                || (!told && cause != Cause.DISCONNECTED)) {
            return;
        }
        List<String> gone = gone(before, change.after(), change);
        Map<ClientId, Parts> orphans = orphansOf(before, gone);
        if (told) {
            orphans.forEach((orphan, data) -> {
                Parts left = new PartsPort().patched(data, Parts.EMPTY, gone);
                protocol.trim(orphan, left.size() == 0 ? null : left, gone);
            });
        } else {
            orphans.keySet().forEach(orphan -> protocol.hasten(orphan, CONNECTS_AGAIN));
        }
    }

    private static List<String> gone(
            DistroRecord<Parts> before, @Nullable DistroRecord<Parts> after, DistroChange<String, Parts> change) {
        Parts was = before.data() == null ? Parts.EMPTY : before.data();
        Parts is = after == null || after.data() == null ? Parts.EMPTY : after.data();
        return change.keys().stream()
                .filter(key -> was.get(key) != null && is.get(key) == null)
                .toList();
    }

    /** Returns the older orphans of a connection's client that show some of what is gone from it. */
    private Map<ClientId, Parts> orphansOf(DistroRecord<Parts> successor, List<String> gone) {
        String client = name(successor.client());
        Map<ClientId, Parts> orphans = new LinkedHashMap<>();
        protocol.forEachRecord(record -> {
            Parts data = record.data();
            if (data != null
                    && protocol.isOrphan(record.client())
                    && name(record.client()).equals(client)
                    && record.stamp().told() < successor.stamp().told()
                    && gone.stream().anyMatch(key -> data.get(key) != null)) {
                orphans.put(record.client(), data);
            }
        });
        return orphans;
    }

    /** The ids of a client's connections begin with its name. */
    private static String name(ClientId client) {
        return client.value().split("#", -1)[0];
    }
}
