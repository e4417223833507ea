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
    public int size(ClientData data) {
        return data.publications().size();
    }

    @Override
    public Collection<ServiceKey> keys(ClientData data) {
        return data.publications().keySet();
    }

    @Override
    public int bytes(ClientData data, ServiceKey key) {
        Publication publication = data.about(key);
        int bytes = key.name().length() + key.group().length() + key.namespace().length();
        if (publication != null) {
            for (InstanceBytes instance : publication.instances()) {
                bytes += instance.json().length;
            }
        }
        return bytes;
    }

    @Override
    public ClientData only(ClientData data, Collection<ServiceKey> keys) {
        ClientData some = ClientData.EMPTY;
        for (ServiceKey key : keys) {
            Publication publication = data.about(key);
            if (publication != null) {
                some = some.with(key, publication);
            }
        }
        return some;
    }

    @Override
    public ClientData patched(@Nullable ClientData data, ClientData puts, Collection<ServiceKey> removed) {
        ClientData patched = data == null ? ClientData.EMPTY : data;
        for (Map.Entry<ServiceKey, Publication> entry : puts.publications().entrySet()) {
            patched = patched.with(entry.getKey(), entry.getValue());
        }
        for (ServiceKey key : removed) {
            patched = patched.without(key);
        }
        return patched;
    }

    @Override
    public long contentSum(ClientData data) {
        return data.contentSum();
    }
}
