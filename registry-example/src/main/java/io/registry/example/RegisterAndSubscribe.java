package io.registry.example;

import io.registry.api.NamingService;
import io.registry.api.listen.ServiceChange;
import io.registry.api.listen.ServiceListener;
import io.registry.api.model.Instance;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Registers two instances of a service, changes one, takes both away, and prints what a listener is told meanwhile. */
@Command(
        name = "RegisterAndSubscribe",
        description = "Registers two instances, changes one, deregisters both; a listener prints every change.")
final class RegisterAndSubscribe implements Callable<Integer> {

    private static final long CHANGE_SECONDS_MAX = 10;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--service", description = "the service's name (default: ${DEFAULT-VALUE})")
    private String service = "example-orders";

    /** Filled by the listener's thread, emptied by the program's. */
    private final BlockingQueue<ServiceChange> changes = new LinkedBlockingQueue<>();

    @Override
    public Integer call() throws InterruptedException {
        Instance first = Instance.of("127.0.0.1", 9001);
        Instance second = Instance.builder("127.0.0.1", 9002)
                .weight(2)
                .metadata("version", "1")
                .build();
        Instance changed = Instance.builder("127.0.0.1", 9002)
                .weight(2)
                .metadata("version", "2")
                .build();

        // Whoever is told of changes should not wait in the listener: all listeners of a process share a thread.
        ServiceListener listener = changes::add;
        try (NamingService naming = common.connect()) {
            System.out.println("subscribing to " + service + " at " + common.server());
            naming.subscribe(service, listener);

            System.out.println("registering " + first.address() + " and " + second.address());
            naming.registerInstance(service, first);
            naming.registerInstance(service, second);
            awaitChange(list -> has(list, first) && has(list, second));

            System.out.println("registering " + changed.address() + " again, with other metadata");
            naming.registerInstance(service, changed);
            awaitChange(list -> list.stream().anyMatch(each -> each.metadata().equals(changed.metadata())));

            System.out.println("deregistering " + first.address());
            naming.deregisterInstance(service, first);
            awaitChange(list -> !has(list, first));

            System.out.println("deregistering " + changed.address());
            naming.deregisterInstance(service, changed);
            awaitChange(list -> !has(list, changed));

            naming.unsubscribe(service, listener);
        } catch (NotSeenException e) {
            System.err.println(e.getMessage());
            return ExitCode.SOFTWARE;
        }
        System.out.println("done");
        return ExitCode.OK;
    }

    /** Prints what the listener was told, until the list is as expected. */
    private void awaitChange(Predicate<List<Instance>> expected) throws InterruptedException, NotSeenException {
        ServiceChange change;
        do {
            change = changes.poll(CHANGE_SECONDS_MAX, TimeUnit.SECONDS);
            if (change == null) {
                throw new NotSeenException();
            }
            change.added().forEach(each -> print("came", each));
            change.modified().forEach(each -> print("changed", each));
            change.removed().forEach(each -> print("gone", each));
        } while (!expected.test(change.instances()));
    }

    private static void print(String what, Instance instance) {
        System.out.printf(
                "  %-8s %s weight=%s metadata=%s%n", what, instance.address(), instance.weight(), instance.metadata());
    }

    private static boolean has(List<Instance> list, Instance wanted) {
        return list.stream().anyMatch(each -> each.key().equals(wanted.key()));
    }

    /** The listener was told nothing for too long. */
    private static final class NotSeenException extends Exception {
        private static final long serialVersionUID = 1L;

        NotSeenException() {
            super("the listener was told nothing for " + CHANGE_SECONDS_MAX + " s");
        }
    }
}
