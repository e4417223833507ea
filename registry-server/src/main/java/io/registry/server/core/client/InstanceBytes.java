package io.registry.server.core.client;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.InstanceJson;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An instance and the JSON that every answer and push shows of it, encoded once, when it is accepted.
 *
 * <p>Equality is equality of the bytes: they hold all that there is to know of the instance.
 */
public final class InstanceBytes implements Publication {

    private final Instance instance;
    private final byte[] json;

    private InstanceBytes(Instance instance, byte[] json) {
        this.instance = instance;
        this.json = json;
    }

    /** Encodes an instance of a service. */
    public static InstanceBytes of(Instance instance, ServiceKey service) {
        return new InstanceBytes(instance, InstanceJson.encode(instance, service));
    }

    /**
     * Returns an instance that another node has encoded.
     *
     * @param json the JSON object of that instance, whole and well formed; kept, so not to be written to any more
     */
    public static InstanceBytes encoded(Instance instance, byte[] json) {
        return new InstanceBytes(instance, json);
    }

    /** Returns the instance. */
    public Instance instance() {
        return instance;
    }

    /** Returns this alone. */
    @Override
    public List<InstanceBytes> instances() {
        return List.of(this);
    }

    @Override
    public int size() {
        return 1;
    }

    /** Returns the JSON object, in UTF-8. Shared: not to be written to. */
    public byte[] json() {
        return json;
    }

    @Override
    public long sum() {
        // FNV-1a: fixed by its definition, and good enough to tell two contents of one owner apart.
        long hash = 0xcbf29ce484222325L;
        for (byte b : json) {
            hash ^= b & 0xff;
            hash *= 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InstanceBytes that && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }

    @Override
    public String toString() {
        return instance.toString();
    }
}
