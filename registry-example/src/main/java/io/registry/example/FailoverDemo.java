package io.registry.example;

import io.registry.api.ClientStatus;
import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a consumer knows while its server is away, from memory, from the files of the cache and from an operator. */
@Command(
        name = "FailoverDemo",
        description = "Shows what a consumer knows while the server is away. Says when to stop and start the server.")
final class FailoverDemo implements Callable<Integer> {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SWITCH = "00-00---000-VIPSRV_FAILOVER_SWITCH-000---00-00";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--service", description = "the service's name (default: ${DEFAULT-VALUE})")
    private String service = "example-stock";

    @Option(names = "--wait", description = "seconds to wait for you each time (default: ${DEFAULT-VALUE})")
    private int waitSeconds = 120;

    /** Written by the listener's thread. */
    private final AtomicInteger saidToBeGone = new AtomicInteger();

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommonOptions.check("--wait", waitSeconds, 1, 3600);
        Path files = Files.createTempDirectory("registry-failover");
        RegistryClient options =
                RegistryClient.builder().serverAddr(common.server()).cacheDirectory(files);
        try (NamingService provider = common.connect();
                NamingService consumer = options.build()) {
            provider.registerInstance(service, "127.0.0.1", 9101);
            provider.registerInstance(service, "127.0.0.1", 9102);
            consumer.subscribe(
                    service, change -> saidToBeGone.addAndGet(change.removed().size()));
            Path kept = files.resolve("public").resolve("DEFAULT_GROUP%40%40" + service);
            expect("a list of two", SOON, () -> ports(consumer).equals(List.of(9101, 9102)));
            expect(
                    "a file " + kept,
                    SOON,
                    () -> Files.exists(kept) && read(kept).contains("9102"));
            System.out.println("the consumer knows " + ports(consumer) + " and keeps that in " + kept);

            Duration patience = Duration.ofSeconds(waitSeconds);
            System.out.println("NOW STOP THE SERVER (within " + waitSeconds + " s)");
            expect("the server to stop", patience, () -> consumer.status().state() != ClientStatus.State.CONNECTED);
            whileAway(consumer, options, kept);

            System.out.println("NOW START THE SERVER AGAIN (within " + waitSeconds + " s)");
            expect(
                    "the server to start",
                    patience,
                    () -> consumer.status().healthy() && provider.status().healthy());
            expect("the list as it was", SOON, () -> ports(consumer).equals(List.of(9101, 9102)));
            System.out.println(
                    "connected again: the provider is registered and the consumer subscribed, without a call");
            System.out.println("done; instances that the listener was told are gone meanwhile: " + saidToBeGone);
            return ExitCode.OK;
        } catch (NotSeenException e) {
            System.err.println(e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    private void whileAway(NamingService consumer, RegistryClient options, Path kept)
            throws IOException, InterruptedException, NotSeenException {
        System.out.println("the server is away: " + consumer.status().problems());
        System.out.println("  from memory, the consumer knows " + ports(consumer) + " and chooses "
                + consumer.selectOneHealthyInstance(service).address());

        try (NamingService restarted = options.loadCacheAtStart(true).build()) {
            System.out.println("  from the file, a consumer that starts now knows " + ports(restarted));
        }

        // What an operator does who knows better than the last list: a file of the same form, and the switch.
        Path failover = Files.createDirectories(kept.resolveSibling("failover"));
        Files.writeString(failover.resolve(kept.getFileName()), read(kept).replace("9102", "9199"));
        Files.writeString(failover.resolve(SWITCH), "1");
        expect("the failover file", SOON, () -> ports(consumer).contains(9199));
        System.out.println("  with failover switched on, the consumer knows " + ports(consumer));
        Files.writeString(failover.resolve(SWITCH), "0");
        expect("the list from before", SOON, () -> ports(consumer).contains(9102));
        System.out.println("  with failover switched off, the consumer knows " + ports(consumer));
    }

    private List<Integer> ports(NamingService naming) {
        return naming.getAllInstances(service).stream()
                .map(Instance::port)
                .sorted()
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static void expect(String what, Duration max, BooleanSupplier condition)
            throws InterruptedException, NotSeenException {
        if (!Waiting.until(max, condition)) {
            throw new NotSeenException("waited " + max.toSeconds() + " s in vain for " + what);
        }
    }

    /** What had to come has not. */
    private static final class NotSeenException extends Exception {
        private static final long serialVersionUID = 1L;

        NotSeenException(String message) {
            super(message);
        }
    }
}
