package io.registry.example;

import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Registers a persistent and an ephemeral instance, leaves, and looks from another client which of them is still there. */
@Command(
        name = "PersistentService",
        description =
                "Shows that a persistent instance stays after its client has left, and an ephemeral one does not.")
final class PersistentService implements Callable<Integer> {

    private static final Duration CHANGE_MAX = Duration.ofSeconds(10);

    @Mixin
    private CommonOptions common = new CommonOptions();

    /** A service has instances of one kind only, so there are two. */
    @Option(names = "--service", description = "how the two services' names begin (default: ${DEFAULT-VALUE})")
    private String service = "example";

    @Override
    public Integer call() throws InterruptedException {
        String databases = service + "-databases";
        String sessions = service + "-sessions";
        Instance persistent =
                Instance.builder("127.0.0.1", 5432).ephemeral(false).build();

        try (NamingService first = common.connect()) {
            first.registerInstance(databases, persistent);
            first.registerInstance(sessions, Instance.of("127.0.0.1", 6379));
            System.out.println("registered a persistent instance of " + databases + " and an ephemeral one of "
                    + sessions + "; leaving");
        }

        try (NamingService second = common.connect()) {
            boolean ok = await(second, sessions, List::isEmpty) && await(second, databases, list -> !list.isEmpty());
            if (ok) {
                second.deregisterInstance(databases, persistent);
                System.out.println("removed the persistent one");
                ok = await(second, databases, List::isEmpty);
            }
            System.out.println(ok ? "done" : "not as expected within " + CHANGE_MAX.toSeconds() + " s");
            return ok ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    /** Asks the server what it has, without following the service, until that is as expected or took too long. */
    private static boolean await(NamingService naming, String name, Predicate<List<Instance>> expected)
            throws InterruptedException {
        boolean seen = Waiting.until(CHANGE_MAX, () -> expected.test(list(naming, name)));
        System.out.println("  the server has of " + name + ": "
                + list(naming, name).stream().map(Instance::address).toList());
        return seen;
    }

    private static List<Instance> list(NamingService naming, String name) {
        return naming.getAllInstances(name, ServiceKey.DEFAULT_GROUP, false);
    }
}
