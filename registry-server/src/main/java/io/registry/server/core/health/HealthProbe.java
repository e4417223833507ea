package io.registry.server.core.health;

import io.registry.server.core.persistent.HealthCheck;
import java.util.function.Consumer;

/** Carries out one check over the network. */
public interface HealthProbe {

    /** How a check ended. */
    enum Result {
        /** It is there. */
        SUCCESS,
        /** It said no: nothing listens at the port, or the answer is an error. */
        REFUSED,
        /** Nothing is known for sure: no answer in time, a broken connection, an answer that asks for patience. */
        FAILURE,
        /** This node must not, or cannot, ask there; no judgement follows. */
        NOT_ASKED
    }

    /**
     * What is asked. Instances for which the same is asked share one check.
     *
     * @param host an IP address, or a name
     * @param port the port
     * @param check the kind, {@code TCP} or {@code HTTP}, and what belongs to it
     */
    record Target(String host, int port, HealthCheck check) {}

    /**
     * Checks a target. Never blocks and never throws; waits where too many checks are under way.
     *
     * @param result called once, on the thread of {@link HealthChecks}
     */
    void check(Target target, Consumer<Result> result);
}
