package io.registry.distro.sim;

import io.registry.distro.sim.engine.Chance;
import io.registry.distro.sim.engine.Settling;
import java.time.Duration;

/** One run: trouble, then peace, then a look at what has become of it. */
public final class Simulation {

    private static final Duration STEP = Duration.ofSeconds(1);

    /** Until nodes that were about to stop have done so and have been started again. */
    private static final int STEPS_TO_BE_WHOLE = 60;

    /** Within how many steps of a whole and quiet network every node shows the truth. */
    private static final int STEPS_TO_SETTLE = 60;

    private final Protocols protocols;

    /** Makes runs with these protocols. */
    public Simulation(Protocols protocols) {
        this.protocols = protocols;
    }

    /**
     * Runs what a seed says.
     *
     * @throws Violation if anything happens that must not; its message says how to have it happen again
     */
    public Outcome run(long seed) {
        return run(seed, Plan.drawn(new Chance(seed).of("plan")));
    }

    /** Runs what a seed says, and returns all that happened and holds a word, and what was objected to, if anything. */
    public String story(long seed, String word) {
        SimWorld world = new SimWorld(seed, Plan.drawn(new Chance(seed).of("plan")), protocols);
        world.trace().keepAll();
        String end = "";
        try {
            run(world);
        } catch (RuntimeException | Violation e) {
            end = e.toString();
        }
        return world.plan() + "\n" + world.trace().eventsAbout(word) + end;
    }

    /** Runs a plan of one's own. */
    public Outcome run(long seed, Plan plan) {
        SimWorld world = new SimWorld(seed, plan, protocols);
        try {
            return run(world);
        } catch (RuntimeException | Violation e) {
            throw new Violation(
                    e.getMessage() + "\n  seed " + seed + " at " + world.loop().nowMillis() + " ms\n  " + plan + "\n  "
                            + world.anomalies() + "\n" + world.trace().lastEvents()
                            + "  again: mvn test -pl registry-distro -Dtest=SimulationTest -Dsim.first=" + seed
                            + " -Dsim.count=1",
                    e);
        }
    }

    private static Outcome run(SimWorld world) {
        Faults faults = new Faults(world);
        Churn churn = new Churn(world);
        world.startNodes();
        faults.start();
        churn.start();
        world.pass(world.plan().trouble());
        faults.stop();
        churn.stop();
        world.heal();
        becomeWhole(world);
        world.noteWhatIsLost();
        long quietMillis = world.loop().nowMillis();
        settle(world);
        long settledMillis = world.loop().nowMillis() - quietMillis;
        return new Outcome(world.trace().hash(), world.loop().happened(), settledMillis, world.anomalies());
    }

    private static void becomeWhole(SimWorld world) {
        for (int step = 0; step < STEPS_TO_BE_WHOLE; step++) {
            boolean whole = world.memberNodes().stream().allMatch(node -> {
                NodeLife life = node.life();
                return life != null && !life.isLeaving();
            });
            if (whole) {
                return;
            }
            world.pass(STEP);
        }
        throw new Violation("a node has not come back");
    }

    /**
     * Where clocks are wrong, of two registrations that were made apart the earlier can win, and nobody left who knows of
     * the other: that is not promised, and counted. Everything else must be as it should.
     */
    private static boolean isSettledButForContent(SimWorld world) {
        if (world.plan().mischief().skewMillis() == 0) {
            return false;
        }
        world.noteWhatIsStale();
        return world.objection() == null;
    }

    private static void settle(SimWorld world) {
        String objection = Settling.objection(STEPS_TO_SETTLE, () -> world.pass(STEP), world::objection);
        if (objection != null && !isSettledButForContent(world)) {
            throw new Violation("not settled after " + STEPS_TO_SETTLE + " s: " + objection);
        }
    }
}
