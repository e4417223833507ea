package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.PreservedMetadata;
import io.registry.api.model.ServiceKey;
import io.registry.distro.port.DistroClock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes instance ids, by the generator that an instance's metadata name.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class InstanceIds {

    /** Milliseconds are shifted by this many bits, which leaves room for so many ids in each of them. */
    private static final int SEQUENCE_BITS = 22;

    private final DistroClock clock;
    private final AtomicLong last = new AtomicLong();

    /** Makes a source of ids. */
    public InstanceIds(DistroClock clock) {
        this.clock = clock;
    }

    /** Returns the instance with an id: its own where it has one. */
    public Instance withId(Instance instance, ServiceKey service) {
        String generator = instance.metadata()
                .getOrDefault(PreservedMetadata.INSTANCE_ID_GENERATOR, PreservedMetadata.SIMPLE_GENERATOR);
        boolean simple = generator.isEmpty() || generator.equals(PreservedMetadata.SIMPLE_GENERATOR);
        if (!simple && !generator.equals(PreservedMetadata.SNOWFLAKE_GENERATOR)) {
            throw new RegistryException(ErrorCode.INSTANCE, "The InstanceIdGenerator type is not found ");
        }
        if (!instance.id().isEmpty()) {
            return instance;
        }
        String where = "#" + instance.cluster() + "#" + service.groupedName();
        return instance.withId(simple ? instance.ip() + "#" + instance.port() + where : next() + where);
    }

    private long next() {
        long fromClock = clock.wallMillis() << SEQUENCE_BITS;
        return last.accumulateAndGet(fromClock, (seen, now) -> Math.max(seen + 1, now)) & Long.MAX_VALUE;
    }
}
