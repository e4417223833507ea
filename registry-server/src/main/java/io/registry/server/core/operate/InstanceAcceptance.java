package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.PreservedMetadata;
import io.registry.api.model.ServiceKey;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.client.SharedParts;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings instances into the form in which they are kept: with an id by the generator that their metadata name, and
 * sharing what they have in common with instances that came before.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class InstanceAcceptance {

    /** Milliseconds are shifted by this many bits, which leaves room for so many ids in each of them. */
    private static final int SEQUENCE_BITS = 22;

    private final DistroClock clock;
    private final SharedParts shared = new SharedParts();
    private final AtomicLong last = new AtomicLong();

    /** Accepts instances. */
    public InstanceAcceptance(DistroClock clock) {
        this.clock = clock;
    }

    /**
     * Returns an instance as it is kept.
     *
     * @throws RegistryException where its metadata name a generator that is not known
     */
    public Instance accept(Instance instance, ServiceKey service) {
        String generator = instance.metadata()
                .getOrDefault(PreservedMetadata.INSTANCE_ID_GENERATOR, PreservedMetadata.SIMPLE_GENERATOR);
        boolean simple = generator.isEmpty() || generator.equals(PreservedMetadata.SIMPLE_GENERATOR);
        if (!simple && !generator.equals(PreservedMetadata.SNOWFLAKE_GENERATOR)) {
            throw new RegistryException(ErrorCode.INSTANCE, "The InstanceIdGenerator type is not found ");
        }
        String id = instance.id();
        if (id.isEmpty() && !simple) {
            id = next() + "#" + instance.cluster() + "#" + service.groupedName();
        }
        return new Instance(
                id,
                shared.text(instance.ip()),
                instance.port(),
                instance.weight(),
                instance.healthy(),
                instance.enabled(),
                instance.ephemeral(),
                shared.text(instance.cluster()),
                shared.metadata(instance.metadata()));
    }

    private long next() {
        long fromClock = clock.wallMillis() << SEQUENCE_BITS;
        return last.accumulateAndGet(fromClock, (seen, now) -> Math.max(seen + 1, now)) & Long.MAX_VALUE;
    }
}
