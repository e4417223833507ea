package io.registry.server.core.client;

import io.registry.api.model.ServiceKey;
import io.registry.distro.port.DataPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells replication what it must know of a client's data: what differs, and its content sum. */
public final class ClientDataPort implements DataPort<ServiceKey, ClientData> {

    @Override
    public Collection<ServiceKey> changed(@Nullable ClientData before, @Nullable ClientData after) {
        ClientData old = before == null ? ClientData.EMPTY : before;
        ClientData now = after == null ? ClientData.EMPTY : after;
        List<ServiceKey> keys = new ArrayList<>();
        for (Map.Entry<ServiceKey, Publication> entry : old.publications().entrySet()) {
            Publication other = now.about(entry.getKey());
            if (other == null || !other.equals(entry.getValue())) {
                keys.add(entry.getKey());
            }
        }
        for (ServiceKey key : now.publications().keySet()) {
            if (old.about(key) == null) {
                keys.add(key);
            }
        }
        return keys;
    }

    @Override
    public long contentSum(ClientData data) {
        return data.contentSum();
    }
}
