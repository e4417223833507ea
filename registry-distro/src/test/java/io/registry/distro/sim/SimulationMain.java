package io.registry.distro.sim;

/**
 * Runs as many seeds as one has time for: {@code SimulationMain FIRST COUNT}. {@code hashes SEED...} prints a hash of
 * what happened in each, {@code story SEED WORD} all that happened in one and has to do with a client, or a node.
 */
public final class SimulationMain {

    private static final long AT_ONCE = 5_000;

    private SimulationMain() {}

    /** Runs; ends with 1 as soon as something is objected to. */
    public static void main(String[] arguments) {
        Simulation simulation = new Simulation(Protocols.REAL);
        if (arguments.length > 0 && arguments[0].equals("hashes")) {
            for (int i = 1; i < arguments.length; i++) {
                System.out.println(simulation.run(Long.parseLong(arguments[i])).traceHash());
            }
            return;
        }
        if (arguments.length > 0 && arguments[0].equals("story")) {
            System.out.println(simulation.story(Long.parseLong(arguments[1]), arguments[2]));
            return;
        }
        long first = arguments.length > 0 ? Long.parseLong(arguments[0]) : 0;
        long count = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1_000_000;
        for (long done = 0; done < count; done += AT_ONCE) {
            long began = System.nanoTime();
            Totals totals = Totals.of(simulation, first + done, Math.min(AT_ONCE, count - done));
            long seconds = Math.max(1, (System.nanoTime() - began) / 1_000_000_000);
            System.out.println("from seed " + (first + done) + ", in " + seconds + " s: " + totals);
            totals.failures().forEach(System.out::println);
            if (!totals.failedSeeds().isEmpty()) {
                System.out.println("seeds: " + totals.failedSeeds());
                System.exit(1);
            }
        }
    }
}
