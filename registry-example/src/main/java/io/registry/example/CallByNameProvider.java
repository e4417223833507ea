package io.registry.example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.registry.api.NamingService;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves HTTP from several instances of a service, and keeps exchanging the oldest for a new one, as a deploy does. */
@Command(
        name = "CallByNameProvider",
        description = "Serves HTTP from instances that come and go; CallByNameConsumer calls them. Ends with Ctrl-C.")
final class CallByNameProvider implements Callable<Integer> {

    private static final Duration TELL_MAX = Duration.ofSeconds(2);
    private static final Duration LAST_CALLS = Duration.ofMillis(500);

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--service", description = "the service's name (default: ${DEFAULT-VALUE})")
    private String service = "example-greetings";

    @Option(names = "--instances", description = "how many serve at a time (default: ${DEFAULT-VALUE})")
    private int instances = 3;

    @Option(names = "--every", description = "seconds from one exchange to the next (default: ${DEFAULT-VALUE})")
    private int everySeconds = 2;

    @Option(names = "--seconds", description = "when to end without Ctrl-C (default: ${DEFAULT-VALUE})")
    private int seconds = 3600;

    /** An HTTP server and what the registry is told about it. */
    private record Serving(HttpServer http, Instance instance) {}

    @Override
    public Integer call() throws IOException {
        CommonOptions.check("--instances", instances, 1, 5);
        CommonOptions.check("--every", everySeconds, 1, 3600);
        CommonOptions.check("--seconds", seconds, 1, 86_400);

        Deque<Serving> running = new ArrayDeque<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (NamingService naming = common.connect()) {
            try {
                while (running.size() < instances) {
                    running.add(come(naming));
                }
                System.out.println("serving; Ctrl-C ends this");
                while (System.nanoTime() - end < 0) {
                    TimeUnit.SECONDS.sleep(everySeconds);
                    running.add(come(naming));
                    Serving oldest = running.remove();
                    go(naming, List.of(oldest));
                }
                go(naming, running);
            } catch (InterruptedException e) {
                goAtCtrlC(naming, running);
            } catch (RegistryException e) {
                // Ctrl-C ends a call to the registry like this, and leaves the thread marked.
                if (!Thread.interrupted()) {
                    throw e;
                }
                goAtCtrlC(naming, running);
            }
        }
        System.out.println("left");
        return ExitCode.OK;
    }

    /** Registers what can be called already: first the port is open, then others hear of it. */
    private Serving come(NamingService naming) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Instance instance = Instance.of("127.0.0.1", http.getAddress().getPort());
        http.createContext("/", exchange -> answer(exchange, "hello from " + instance.address()));
        http.start();
        naming.registerInstance(service, instance);
        System.out.println("  came " + instance.address());
        return new Serving(http, instance);
    }

    /** The other way round: first all consumers hear of it, then the port is closed. */
    private void go(NamingService naming, Collection<Serving> leaving) throws InterruptedException {
        for (Serving each : leaving) {
            Departure departure = naming.deregisterAndAwait(service, each.instance(), TELL_MAX);
            System.out.println("  gone " + each.instance().address()
                    + (departure.complete() ? "" : ", unknown to " + departure.missing()));
        }
        // Nobody chooses them any more; who chose before has this long for the call. The wait is not left to stop(),
        // which would swallow an interruption.
        TimeUnit.MILLISECONDS.sleep(LAST_CALLS.toMillis());
        leaving.forEach(each -> each.http().stop(0));
    }

    private void goAtCtrlC(NamingService naming, Collection<Serving> leaving) {
        try {
            go(naming, leaving);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
