package io.registry.server.sim;

import io.registry.distro.DistroConfig;
import io.registry.distro.sim.Mischief;
import io.registry.distro.sim.Plan;
import io.registry.distro.sim.engine.Chance;
import java.time.Duration;

/**
 * What a run consists of.
 *
 * @param nodes how many there are at the beginning
 * @param sdks how many clients publish and subscribe over a connection
 * @param beating how many instances are kept alive by beats
 * @param services how many services all of these share
 * @param crowd how many further instances that are kept alive by beats are all of one service, and go and come together
 * @param trouble how long things go wrong
 * @param mischief what goes wrong
 * @param gentle whether no node is lost without warning: nothing crashes, stands still or is cut off, a node leaves only
 *     while all others serve, and what nodes ask each other is late but not lost
 * @param spacedLoss how many messages are lost, 0..1; none where another one between the same two was lost within 5 s,
 *     so that what is lost arrives when it is sent again
 * @param apart whether an answer may overtake a push that was sent before it, since clients take the two in on threads of
 *     their own
 * @param config of replication on all nodes
 */
record NamingPlan(
        int nodes,
        int sdks,
        int beating,
        int services,
        int crowd,
        Duration trouble,
        Mischief mischief,
        boolean gentle,
        double spacedLoss,
        boolean apart,
        DistroConfig config) {

    /** The longest delay of one message, such that a registration reaches all nodes well within the drain grace. */
    private static final int GENTLE_DELAY_MILLIS = 400;

    private static final double SPACED_LOSS = 0.2;
    private static final double RUNS_WITH_A_CROWD = 0.2;

    /** Everything goes wrong that can. */
    static NamingPlan wild(Chance chance) {
        return drawn(chance, Mischief.drawn(chance), false, 0);
    }

    /** No node is lost without warning: they leave in order, come, and are slow, and messages are lost and late. */
    static NamingPlan gentle(Chance chance) {
        Mischief all = Mischief.drawn(chance);
        Mischief gentle = new Mischief(
                0,
                all.duplication(),
                Math.min(all.delayMillisMax(), GENTLE_DELAY_MILLIS),
                all.skewMillis(),
                0,
                all.warmRestarts(),
                all.leaves(),
                0,
                0,
                0,
                0,
                all.jumps(),
                0,
                all.resets(),
                all.memberChanges(),
                all.changesPerSecond());
        return drawn(chance, gentle, true, chance.odds(0.3) ? 0 : SPACED_LOSS * chance.share());
    }

    /** Nothing goes wrong. */
    static NamingPlan quiet(int nodes) {
        return new NamingPlan(
                nodes,
                0,
                0,
                1,
                0,
                Duration.ZERO,
                Mischief.NONE,
                true,
                0,
                false,
                Plan.quiet(nodes).config());
    }

    private static int crowd(Chance chance) {
        return chance.odds(RUNS_WITH_A_CROWD) ? chance.between(10, 16) : 0;
    }

    private static NamingPlan drawn(Chance chance, Mischief mischief, boolean gentle, double spacedLoss) {
        Plan plan = Plan.drawn(chance);
        return new NamingPlan(
                plan.nodes(),
                chance.between(4, 10),
                chance.between(3, 8),
                chance.between(2, 6),
                crowd(chance.of("crowd")),
                Duration.ofSeconds(chance.between(30, 90)),
                mischief,
                gentle,
                spacedLoss,
                chance.odds(0.3),
                plan.config());
    }
}
