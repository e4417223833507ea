package io.registry.client.redo;

import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.client.grpc.GrpcConnection;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.WireInstance;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a connection publishes for one service. The protocol allows a connection one instance or one batch for a service,
 * so the instances of all owners travel together: one as a single registration, more as a batch.
 *
 * <p><b>Threading</b>: for the client loop.
 */
public final class PublicationEntry extends RedoEntry {

    private final ServiceKey service;

    /** By owner, each owner's instances; the maps inside are never written to. */
    private Map<Object, Map<InstanceKey, Instance>> owners = new LinkedHashMap<>();

    private Map<Object, Map<InstanceKey, Instance>> sent = Map.of();
    private Map<Object, Map<InstanceKey, Instance>> good = Map.of();
    private @Nullable Instance last;

    /** Makes an entry of which nothing is wanted yet. */
    public PublicationEntry(ServiceKey service) {
        this.service = service;
    }

    /** Changes what an owner wants: the function gets a copy of its own, and returns what shall be. */
    public void edit(Object owner, UnaryOperator<Map<InstanceKey, Instance>> change) {
        Map<InstanceKey, Instance> next = change.apply(new LinkedHashMap<>(owners.getOrDefault(owner, Map.of())));
        if (next.isEmpty()) {
            owners.remove(owner);
        } else {
            owners.put(owner, next);
        }
    }

    /** Returns what an owner wants; unmodifiable. */
    public Collection<Instance> of(Object owner) {
        return List.copyOf(owners.getOrDefault(owner, Map.of()).values());
    }

    @Override
    public String subject() {
        return "registration " + service.groupedName();
    }

    @Override
    int order() {
        return 0;
    }

    @Override
    boolean unwanted() {
        return owners.isEmpty();
    }

    @Override
    RequestPayload request() {
        sent = new LinkedHashMap<>(owners);
        Map<InstanceKey, Instance> all = new LinkedHashMap<>();
        owners.values().forEach(all::putAll);
        if (all.size() > 1) {
            return new BatchInstanceRequest(
                    service.namespace(),
                    service.name(),
                    service.group(),
                    BatchInstanceRequest.BATCH_REGISTER,
                    all.values().stream().map(PublicationEntry::onWire).toList());
        }
        boolean register = !all.isEmpty();
        if (register) {
            last = all.values().iterator().next();
        }
        // A deregistration names an instance because the protocol wants one; which, does not matter.
        Instance named = last == null ? Instance.of("0.0.0.0", 0) : last;
        return new InstanceRequest(
                service.namespace(),
                service.name(),
                service.group(),
                register ? InstanceRequest.REGISTER : InstanceRequest.DEREGISTER,
                onWire(named));
    }

    @Override
    void accepted(GrpcConnection connection, Envelope answer) {
        good = sent;
    }

    @Override
    void revert() {
        owners = new LinkedHashMap<>(good);
    }

    /** Returns an instance as a request carries it. */
    public static WireInstance onWire(Instance instance) {
        return new WireInstance(
                instance.id().isEmpty() ? null : instance.id(),
                instance.ip(),
                instance.port(),
                instance.weight(),
                instance.healthy(),
                instance.enabled(),
                instance.ephemeral(),
                instance.cluster(),
                null,
                instance.metadata());
    }
}
