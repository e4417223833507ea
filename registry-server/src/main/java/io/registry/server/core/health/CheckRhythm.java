package io.registry.server.core.health;

import io.registry.server.core.persistent.HealthCheck;
import java.util.random.RandomGenerator;

/**
 * When a target is checked next: what answers slowly is asked less often, and what does not answer even less. The numbers
 * are those of the wire protocol's documentation of the check tasks.
 */
final class CheckRhythm {

    /** The bounds of one kind of check, in milliseconds, and how much of the former delay stays. */
    private record Kind(int min, int max, double factor) {}

    private static final Kind TCP = new Kind(1_000, 5_000, 0.75);
    private static final Kind HTTP = new Kind(500, 5_000, 0.85);

    /** Nothing is checked sooner after it has been seen first. */
    private static final int FIRST_MILLIS = 2_000;

    private final Kind kind;
    private double delayMillis;

    CheckRhythm(HealthCheck check, RandomGenerator random) {
        this.kind = check.type() == HealthCheck.Type.HTTP ? HTTP : TCP;
        // Most begin soon, and many that begin at once are spread all the same.
        this.delayMillis = FIRST_MILLIS + random.nextInt(1 + random.nextInt(kind.max));
    }

    /** Returns the delay before the next check. */
    long delayMillis() {
        return Math.round(delayMillis);
    }

    /** Takes in a result. */
    void took(HealthProbe.Result result, long millis) {
        double taken = switch (result) {
            case SUCCESS -> millis;
            case REFUSED, NOT_ASKED -> kind.max;
            case FAILURE -> 2 * delayMillis;
        };
        double next = kind.factor * delayMillis + (1 - kind.factor) * taken;
        delayMillis = Math.max(kind.min, Math.min(kind.max, next));
    }
}
