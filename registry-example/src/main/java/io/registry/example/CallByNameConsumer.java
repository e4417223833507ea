package io.registry.example;

import io.registry.api.NamingService;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Calls a service by its name, many times a second, while its instances come and go. */
@Command(
        name = "CallByNameConsumer",
        description = "Calls the service of CallByNameProvider by its name, and counts the calls that fail.")
final class CallByNameConsumer implements Callable<Integer> {

    private static final Duration FIRST_MAX = Duration.ofSeconds(30);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--service", description = "the service's name (default: ${DEFAULT-VALUE})")
    private String service = "example-greetings";

    @Option(names = "--rate", description = "calls per second (default: ${DEFAULT-VALUE})")
    private int rate = 20;

    @Option(names = "--seconds", description = "how long to call (default: ${DEFAULT-VALUE})")
    private int seconds = 15;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Integer> answers = new TreeMap<>();
    private int calls;
    private int failed;

    @Override
    public Integer call() throws InterruptedException {
        CommonOptions.check("--rate", rate, 1, 1000);
        CommonOptions.check("--seconds", seconds, 1, 86_400);
        try (NamingService naming = common.connect()) {
            naming.subscribe(service, change -> {
                change.added().forEach(each -> System.out.println("  came " + each.address()));
                change.removed().forEach(each -> System.out.println("  gone " + each.address()));
            });
            System.out.println("looking for " + service);
            if (!Waiting.until(
                    FIRST_MAX, () -> !naming.selectInstances(service, true).isEmpty())) {
                System.err.println("nobody serves " + service + ": start CallByNameProvider beside this");
                return ExitCode.SOFTWARE;
            }
            System.out.println("calling it " + rate + " times a second for " + seconds + " s");
            try {
                callOften(naming);
            } catch (InterruptedException e) {
                System.out.println("left before the end");
            }
        }
        System.out.println("calls: " + calls + ", failed: " + failed + ", answers by instance: " + answers);
        return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void callOften(NamingService naming) throws InterruptedException {
        long interval = TimeUnit.SECONDS.toNanos(1) / rate;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (long next = System.nanoTime(); next - end < 0; next += interval) {
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            callOnce(naming);
        }
    }

    private void callOnce(NamingService naming) throws InterruptedException {
        calls++;
        String target = "nobody";
        try {
            // Answered from the client's memory, which the server keeps up to date; no question goes out for it.
            Instance chosen = naming.selectOneHealthyInstance(service);
            target = chosen.address();
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://" + target + "/"))
                            .timeout(ANSWER_MAX)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            answers.merge(answer.body().replace("hello from ", ""), 1, Integer::sum);
        } catch (IOException | RegistryException e) {
            failed++;
            System.out.println("  FAILED to call " + target + ": " + e);
        }
    }
}
