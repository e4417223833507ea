package io.registry.server.sim;

import io.registry.distro.sim.Faults;
import io.registry.distro.sim.Violation;
import io.registry.distro.sim.engine.Chance;
import io.registry.distro.sim.engine.Settling;
import java.time.Duration;

/** One run: trouble, then peace, then a look at what has become of it, and of what consumers were told. */
final class NamingSimulation {

    /** What a run draws its plan by. */
    enum Kind {
        WILD,
        GENTLE;

        NamingPlan plan(long seed) {
            Chance chance = new Chance(seed).of("naming plan");
            return this == WILD ? NamingPlan.wild(chance) : NamingPlan.gentle(chance);
        }
    }

    /**
     * What became of a run in which nothing was objected to.
     *
     * @param traceHash of all that happened
     * @param events how much happened
     * @param said how many answers and pushes nodes gave
     * @param settledMillis how long after the last fault everybody knew the truth
     */
    record Outcome(long traceHash, long events, long said, long settledMillis) {}

    private static final Duration STEP = Duration.ofSeconds(1);

    /** Until nodes that were about to stop have done so and have been started again. */
    private static final int STEPS_TO_BE_WHOLE = 30;

    /** Within how many steps of a whole and quiet network everybody knows the truth, while losses are held back for 60. */
    private static final int STEPS_TO_SETTLE = 160;

    private final Kind kind;
    private final NodeMake make;

    NamingSimulation(Kind kind, NodeMake make) {
        this.kind = kind;
        this.make = make;
    }

    /**
     * Runs what a seed says.
     *
     * @throws Violation if anything happens that must not; its message says how to have it happen again
     */
    Outcome run(long seed) {
        NamingWorld world = new NamingWorld(seed, kind.plan(seed), make);
        try {
            return run(world);
        } catch (RuntimeException | Violation e) {
            throw new Violation(
                    e.getMessage() + "\n  seed " + seed + " " + kind + "\n  " + world.plan() + "\n"
                            + world.trace().lastEvents() + "  again: mvn test -pl registry-server -am"
                            + " -Dtest=NamingSimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dsim.first=" + seed
                            + " -Dsim.count=1",
                    e);
        }
    }

    /** Runs what a seed says, and returns all that happened and holds a word, and what was objected to, if anything. */
    String story(long seed, String word) {
        NamingWorld world = new NamingWorld(seed, kind.plan(seed), make);
        world.trace().keepAll();
        String end = "";
        try {
            run(world);
        } catch (RuntimeException | Violation e) {
            end = e.toString();
        }
        return world.plan() + "\n" + world.trace().eventsAbout(word) + end;
    }

    private static Outcome run(NamingWorld world) {
        Faults faults = new Faults(world);
        NamingChurn churn = new NamingChurn(world);
        world.startNodes();
        churn.start();
        faults.start();
        pass(world, world.plan().trouble());
        faults.stop();
        churn.stop();
        world.heal();
        becomeWhole(world);
        world.noteWhatIsLost();
        long quietMillis = world.loop().nowMillis();
        settle(world);
        long settledMillis = world.loop().nowMillis() - quietMillis;
        return new Outcome(
                world.trace().hash(), world.loop().happened(), world.checks().said(), settledMillis);
    }

    private static void pass(NamingWorld world, Duration time) {
        String objection = world.pass(time);
        if (objection != null) {
            throw new Violation(objection);
        }
    }

    private static void becomeWhole(NamingWorld world) {
        for (int step = 0; step < STEPS_TO_BE_WHOLE; step++) {
            boolean whole = world.memberNodes().stream().allMatch(node -> {
                NodeProcess process = node.process();
                return process != null && !process.isDraining();
            });
            if (whole) {
                return;
            }
            pass(world, STEP);
        }
        throw new Violation("a node has not come back");
    }

    private static void settle(NamingWorld world) {
        NamingAgreement agreement = new NamingAgreement(world);
        String objection = Settling.objection(STEPS_TO_SETTLE, () -> pass(world, STEP), agreement::objection);
        if (objection != null && !isSettledButForContent(world, agreement)) {
            throw new Violation("not settled after " + STEPS_TO_SETTLE + " s: " + objection);
        }
    }

    /**
     * Where clocks are wrong, of two registrations that were made apart the earlier can win, and so it can where the node that
     * did it had not answered in time: that is not promised.
     */
    private static boolean isSettledButForContent(NamingWorld world, NamingAgreement agreement) {
        boolean wrong = world.plan().mischief().skewMillis() > 0;
        return world.noteWhatIsStale(wrong) > 0 && agreement.objection() == null;
    }
}
