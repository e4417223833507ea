package io.registry.distro.sim;

import io.registry.distro.sim.engine.Chance;
import io.registry.distro.sim.engine.Weather;

/**
 * What goes wrong in a run, and how often. All of it stops when the world is healed.
 *
 * @param loss how many messages are lost on the worst link, 0..1
 * @param duplication how many messages arrive twice on the worst link, 0..1
 * @param delayMillisMax how long a message may take on the worst link
 * @param skewMillis how wrong a wall clock is at most, ahead or behind
 * @param crashes of a node, per minute
 * @param warmRestarts how many of the nodes that start again have what they had kept, 0..1
 * @param leaves how often a node is stopped in order and started again, per minute
 * @param partitions per minute
 * @param oneWayCuts how often one direction of one link fails, per minute
 * @param clogs how often what is sent on a link arrives late and at once, per minute
 * @param pauses how often a whole process stands still for a while, per minute
 * @param jumps of a wall clock, per minute
 * @param clientCuts how often a client reaches no node for a while, per minute
 * @param resets how often a node asks some of its connections to go elsewhere, per minute
 * @param memberChanges how often a node is added or removed for good, per minute
 * @param changesPerSecond how often some client does something else
 */
public record Mischief(
        double loss,
        double duplication,
        int delayMillisMax,
        int skewMillis,
        double crashes,
        double warmRestarts,
        double leaves,
        double partitions,
        double oneWayCuts,
        double clogs,
        double pauses,
        double jumps,
        double clientCuts,
        double resets,
        double memberChanges,
        double changesPerSecond) {

    /** Nothing goes wrong, and nobody changes anything. */
    public static final Mischief NONE = new Mischief(0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** As bad as it gets. */
    public static final Mischief EVERYTHING =
            new Mischief(0.2, 0.1, 2_000, 5_000, 3, 1, 2, 3, 3, 4, 3, 3, 6, 3, 1.5, 200);

    /** How often a kind of fault is left out of a run: what one hides, another run shows. */
    private static final double LEFT_OUT = 0.35;

    /** Most runs are quiet enough to be quick; in one of so many, clients change as much as they can. */
    private static final double BUSY_RUNS = 0.04;

    /** Draws a run's share of everything. */
    public static Mischief drawn(Chance chance) {
        Mischief most = EVERYTHING;
        return new Mischief(
                part(chance, most.loss),
                part(chance, most.duplication),
                5 + (int) part(chance, most.delayMillisMax),
                (int) part(chance, most.skewMillis),
                part(chance, most.crashes),
                part(chance, most.warmRestarts),
                part(chance, most.leaves),
                part(chance, most.partitions),
                part(chance, most.oneWayCuts),
                part(chance, most.clogs),
                part(chance, most.pauses),
                part(chance, most.jumps),
                part(chance, most.clientCuts),
                part(chance, most.resets),
                part(chance, most.memberChanges),
                chance.odds(BUSY_RUNS) ? chance.between(20, (int) most.changesPerSecond) : 0.2 + 2 * chance.share());
    }

    /** Returns the weather of one link, up to the worst. */
    Weather weather(Chance chance) {
        return new Weather(
                loss * chance.share(), duplication * chance.share(), 5 + (int) (delayMillisMax * chance.share()));
    }

    private static double part(Chance chance, double most) {
        return chance.odds(LEFT_OUT) ? 0 : most * chance.share();
    }
}
