package io.registry.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** Puts an even load on a registry, shows every second how it does, and sums up the latencies. */
@Command(
        name = "LoadGenerator",
        description = "Registers, queries and subscribes at a steady rate, and tells the latencies.")
final class LoadGenerator implements Callable<Integer> {

    /** How long changes that the server still gathers may take to reach the listeners. */
    private static final int LAST_CHANGES_SECONDS = 1;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private LoadOptions options = new LoadOptions();

    private final Latencies latencies = new Latencies();

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        options.check(common.server());
        Path cache = Files.createTempDirectory("registry-load");
        ExecutorService workers = Executors.newFixedThreadPool(options.workers);
        try (Load load = new Load(options, latencies)) {
            long began = System.nanoTime();
            load.begin(common.server(), cache);
            System.out.printf(
                    Locale.ROOT,
                    "%d clients have registered %d instances each, %d follow %d services: took %.1f s%n",
                    options.clients,
                    options.instances,
                    options.subscribers,
                    options.services,
                    secondsSince(began));

            long start = System.nanoTime();
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < options.workers; i++) {
                working.add(workers.submit(() -> {
                    load.work(start);
                    return null;
                }));
            }
            try {
                showProgress(load, start, working);
            } catch (InterruptedException e) {
                System.out.println("\nleft before the end");
            }
            load.stop();
            double took = secondsSince(start);
            for (Future<?> each : working) {
                each.get();
            }
            TimeUnit.SECONDS.sleep(LAST_CHANGES_SECONDS);
            return sumUp(load, took);
        } finally {
            workers.shutdownNow();
            delete(cache);
        }
    }

    private void showProgress(Load load, long start, List<Future<?>> working) throws InterruptedException {
        // On a terminal the line is written over; in a file each second has its own.
        boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
        long before = 0;
        for (int second = 1; !working.stream().allMatch(Future::isDone); second++) {
            TimeUnit.NANOSECONDS.sleep(start + TimeUnit.SECONDS.toNanos(second) - System.nanoTime());
            long done = load.done();
            System.out.printf(
                    Locale.ROOT,
                    terminal ? "\r\033[K%s" : "%s%n",
                    String.format(
                            Locale.ROOT,
                            "%4d s %6d/s  failed %d  p99:%s",
                            second,
                            done - before,
                            failed(load),
                            latencies.look()));
            System.out.flush();
            before = done;
        }
        System.out.print(terminal ? "\n" : "");
    }

    private int sumUp(Load load, double took) {
        System.out.printf(
                Locale.ROOT,
                "%.1f s, %d operations, %.1f/s of %d/s asked for, failed: %d %s%n%s%n",
                took,
                load.done(),
                load.done() / took,
                options.rate,
                failed(load),
                failed(load) == 0 ? "" : load.failures(),
                latencies.summary());
        return failed(load) == 0 && load.done() > 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static long failed(Load load) {
        return load.failures().values().stream().mapToLong(Long::longValue).sum();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
