package io.registry.server.sim;

import io.registry.server.sim.NamingSimulation.Kind;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Runs as many seeds as one has time for: {@code NamingSimulationMain WILD|GENTLE FIRST COUNT}. {@code KIND hashes SEED...}
 * prints a hash of what happened in each, {@code KIND story SEED WORD} all that happened in one and has to do with a client,
 * a service or a node.
 */
final class NamingSimulationMain {

    private NamingSimulationMain() {}

    /** Runs; ends with 1 where something is objected to. */
    public static void main(String[] arguments) {
        Kind kind = Kind.valueOf(arguments[0]);
        NamingSimulation simulation = new NamingSimulation(kind, NodeMake.REAL);
        if (arguments[1].equals("hashes")) {
            long[] seeds =
                    Stream.of(arguments).skip(2).mapToLong(Long::parseLong).toArray();
            hashes(kind, seeds).forEach(System.out::println);
        } else if (arguments[1].equals("story")) {
            long seed = Long.parseLong(arguments[2]);
            System.out.println(QuietLog.during(() -> simulation.story(seed, arguments[3])));
        } else {
            long began = System.nanoTime();
            NamingTotals totals =
                    NamingTotals.of(simulation, Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
            System.out.println("in " + (System.nanoTime() - began) / 1_000_000 + " ms: " + totals);
            totals.failures().forEach(System.out::println);
            System.out.println("seeds: " + totals.failedSeeds());
            System.exit(totals.failedSeeds().isEmpty() ? 0 : 1);
        }
    }

    /** Returns a hash of what happens in each run. */
    static List<String> hashes(Kind kind, long[] seeds) {
        NamingSimulation simulation = new NamingSimulation(kind, NodeMake.REAL);
        return QuietLog.during(() -> LongStream.of(seeds)
                .mapToObj(seed -> Long.toString(simulation.run(seed).traceHash()))
                .toList());
    }
}
