package io.registry.proto.codec;

import io.registry.api.model.Instance;
import io.registry.proto.payload.WireInstance;

/** Reads what {@link io.registry.proto.json.InstanceJson} writes: the JSON object of one instance. */
public final class InstanceText {

    private static final int PORT_MAX = 65_535;

    private InstanceText() {}

    /**
     * Returns the instance that a text describes. It names no service, and has no id of its own where its id follows from
     * the rest. Properties that are not known are passed over.
     *
     * @param json the object, in UTF-8, all of it and nothing else
     * @param groupedServiceName its service, as {@link io.registry.api.model.ServiceKey#groupedName()} gives it
     * @throws MalformedBodyException where it is no JSON object, or no instance
     */
    public static Instance read(byte[] json, String groupedServiceName) throws MalformedBodyException {
        WireInstance read = BodyParser.parse(json, 0, json.length, NamingBodies::instance);
        if (read.ip().isEmpty()) {
            throw new MalformedBodyException("ip: missing (expected: an address)");
        }
        if (read.port() < 0 || read.port() > PORT_MAX) {
            throw new MalformedBodyException("port: " + read.port() + " (expected: 0.." + PORT_MAX + ")");
        }
        Instance instance = new Instance(
                "",
                read.ip(),
                read.port(),
                read.weight(),
                read.healthy(),
                read.enabled(),
                read.ephemeral(),
                read.clusterName() == null ? Instance.DEFAULT_CLUSTER : read.clusterName(),
                read.metadata());
        String id = read.instanceId();
        return id == null || id.equals(instance.shownId(groupedServiceName)) ? instance : instance.withId(id);
    }
}
