package io.registry.server.core.loss;

import java.time.Duration;

/**
 * Which losses are held back, and for how long.
 *
 * @param enabled whether any are
 * @param percent the share of a service's instances, of 100, more than which has to be lost
 * @param instances how many instances a service must have had
 * @param addresses from how many addresses the lost must be at the least
 * @param window within what time they must have been lost, both ends included
 * @param hold how long they are held at the most
 * @param rememberedMax how many lost instances of all services are remembered; more are not held
 */
public record LossGuardConfig(
        boolean enabled, int percent, int instances, int addresses, Duration window, Duration hold, int rememberedMax) {

    /** The defaults; as many may be remembered as a node may have instances by default. */
    public static LossGuardConfig defaults() {
        return new LossGuardConfig(true, 50, 10, 3, Duration.ofSeconds(15), Duration.ofSeconds(60), 1_000_000);
    }

    /** Returns whether so many lost, of so many, are more than may go. */
    boolean isMost(int lost, int of) {
        return 100L * lost > (long) percent * of;
    }
}
