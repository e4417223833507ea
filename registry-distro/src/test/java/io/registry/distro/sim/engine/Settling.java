package io.registry.distro.sim.engine;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits until everything is as it should be, and stays so. */
public final class Settling {

    /** For how many steps it has to stay so. */
    private static final int STEPS_TO_STAY = 3;

    private Settling() {}

    /**
     * Lets steps pass.
     *
     * @param steps within how many everything has to be as it should
     * @param step lets one pass
     * @param objection says what is not as it should be; null where everything is
     * @return null where it has stayed so; otherwise the last objection
     */
    public static @Nullable String objection(int steps, Runnable step, Supplier<@Nullable String> objection) {
        String last = null;
        int stayed = 0;
        for (int passed = 0; passed < steps + STEPS_TO_STAY && stayed < STEPS_TO_STAY; passed++) {
            step.run();
            String now = objection.get();
            stayed = now == null ? stayed + 1 : 0;
            last = now == null ? last : now;
        }
        return stayed == STEPS_TO_STAY ? null : last;
    }
}
