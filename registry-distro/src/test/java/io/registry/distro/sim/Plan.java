package io.registry.distro.sim;

import io.registry.distro.DistroConfig;
import io.registry.distro.SyncConfig;
import io.registry.distro.sim.engine.Chance;
import java.time.Duration;
import java.util.List;

/**
 * What a run consists of.
 *
 * @param nodes how many there are at the beginning
 * @param connections how many clients publish over a connection
 * @param beating how many instances are kept alive by beats
 * @param large how many further clients publish over a connection, and very much
 * @param largeParts how much they publish
 * @param trouble how long things go wrong
 * @param mischief what goes wrong
 * @param config of all nodes
 */
public record Plan(
        int nodes,
        int connections,
        int beating,
        int large,
        int largeParts,
        Duration trouble,
        Mischief mischief,
        DistroConfig config) {

    /** Half of what is usual, so that within a run of two minutes much of what was left behind is forgotten. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final double RUNS_WITH_LARGE_CLIENTS = 0.2;

    /** A world without mischief and without clients, with what nodes tell each other in small pieces. */
    public static Plan quiet(int nodes) {
        return new Plan(nodes, 0, 0, 0, 0, Duration.ZERO, Mischief.NONE, config(64, 4_000, 4));
    }

    /** Draws a run of everything. */
    public static Plan drawn(Chance chance) {
        boolean large = chance.odds(RUNS_WITH_LARGE_CLIENTS);
        return new Plan(
                chance.odds(0.5) ? 3 : 5,
                chance.between(4, 12),
                chance.between(4, 12),
                large ? chance.between(1, 2) : 0,
                large ? chance.between(40, 600) : 0,
                Duration.ofSeconds(chance.between(40, 120)),
                Mischief.drawn(chance),
                config(
                        chance.pick(List.of(3, 16, 512)),
                        chance.pick(List.of(100, 1_000, 1 << 20)),
                        chance.pick(List.of(1, 4, 8, 64))));
    }

    /** Returns this with other nodes. */
    public Plan withNodes(int others) {
        return new Plan(others, connections, beating, large, largeParts, trouble, mischief, config);
    }

    /** Returns this with another configuration. */
    public Plan withConfig(DistroConfig other) {
        return new Plan(nodes, connections, beating, large, largeParts, trouble, mischief, other);
    }

    private static DistroConfig config(int batchMax, int batchBytesMax, int deltaFrom) {
        DistroConfig usual = DistroConfig.defaults();
        SyncConfig sync = usual.sync();
        return new DistroConfig(
                LEASE,
                usual.drainGrace(),
                usual.tombstoneTtl(),
                usual.tombstoneTtlAway(),
                usual.tombstonesMax(),
                usual.withdrawalQuiet(),
                usual.withdrawalRefusal(),
                usual.driftAlarm(),
                new SyncConfig(
                        sync.digestInterval(),
                        sync.memberDownAfter(),
                        sync.ackTimeout(),
                        sync.gather(),
                        batchMax,
                        batchBytesMax,
                        sync.beatExpiry(),
                        sync.loadDeadline(),
                        deltaFrom));
    }
}
