package io.registry.distro.sim;

import io.registry.distro.DistroChange;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.testkit.Parts;
import io.registry.distro.testkit.PartsPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node does about the orphans of a client that has come back over another connection: what it takes back there,
 * its orphans must not show again.
 */
final class OrphanSide {

    private final DistroProtocol<String, Parts> protocol;

    OrphanSide(DistroProtocol<String, Parts> protocol) {
        this.protocol = protocol;
    }

    void changed(DistroChange<String, Parts> change) {
        DistroRecord<Parts> before = change.before();
        if (protocol.orphanCount() > 0
                && before != null
                && before.kind() == ClientKind.CONNECTION
                && (isEnd(change.cause()) || change.cause() == Cause.PUBLISHED)) {
            List<String> takenBack = takenBack(before, change.after(), change);
            if (!takenBack.isEmpty()) {
                trimOrphans(before, takenBack, isEnd(change.cause()) ? change.cause() : Cause.WITHDRAWN);
            }
        }
    }

    private static List<String> takenBack(
            DistroRecord<Parts> before, @Nullable DistroRecord<Parts> after, DistroChange<String, Parts> change) {
        Parts was = before.data() == null ? Parts.EMPTY : before.data();
        Parts is = after == null || after.data() == null ? Parts.EMPTY : after.data();
        return change.keys().stream()
                .filter(key -> was.get(key) != null && is.get(key) == null)
                .toList();
    }

    private static boolean isEnd(Cause cause) {
        return cause == Cause.WITHDRAWN || cause == Cause.DISCONNECTED;
    }

    private void trimOrphans(DistroRecord<Parts> successor, List<String> takenBack, Cause cause) {
        String client = name(successor.client());
        Map<ClientId, Parts> left = new LinkedHashMap<>();
        protocol.forEachRecord(record -> {
            Parts data = record.data();
            if (data != null
                    && protocol.isOrphan(record.client())
                    && name(record.client()).equals(client)
                    && record.stamp().told() < successor.stamp().told()
                    && takenBack.stream().anyMatch(key -> data.get(key) != null)) {
                left.put(record.client(), new PartsPort().patched(data, Parts.EMPTY, takenBack));
            }
        });
        left.forEach((orphan, data) ->
                protocol.trim(orphan, data.size() == 0 ? null : data, new ArrayList<>(takenBack), cause));
    }

    /** The ids of a client's connections begin with its name. */
    private static String name(ClientId client) {
        return client.value().split("#", -1)[0];
    }
}
