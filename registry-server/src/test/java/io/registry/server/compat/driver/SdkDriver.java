package io.registry.server.compat.driver;

import io.registry.api.NamingService;
import io.registry.api.listen.ServiceListener;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.api.model.ServicePage;
import io.registry.api.select.InstanceSelector;
import io.registry.client.NamingFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the SDK of this project and does what the lines on its input say, as {@link ClientDriver} does with others. */
public final class SdkDriver {

    private final NamingService naming;
    private final Conversation conversation;
    private final Map<String, ServiceListener> listeners = new HashMap<>();

    private SdkDriver(NamingService naming, Conversation conversation) {
        this.naming = naming;
        this.conversation = conversation;
    }

    /**
     * Reads commands until the input ends.
     *
     * @param args the client's properties, each as {@code name=value}
     */
    public static void main(String[] args) throws IOException {
        Conversation conversation = Conversation.begin();
        NamingService naming = NamingFactory.createNamingService(Conversation.properties(args));
        conversation.answerAll(new SdkDriver(naming, conversation)::run);
        // All threads of the SDK are daemons: the process ends here without being made to.
    }

    private List<String> run(String command, List<String> args)
            throws InterruptedException, ExecutionException, TimeoutException {
        return switch (command) {
            case "query" ->
                hosts(naming.getAllInstances(
                        args.get(0), args.get(1), clusters(args.get(2)), Boolean.parseBoolean(args.get(3))));
            case "select" ->
                hosts(naming.selectInstances(
                        args.get(0),
                        args.get(1),
                        clusters(args.get(2)),
                        Boolean.parseBoolean(args.get(3)),
                        Boolean.parseBoolean(args.get(4))));
            case "pick" ->
                hosts(List.of(naming.selectOneHealthyInstance(args.get(0), args.get(1), clusters(args.get(2)), false)));
            case "list" -> {
                ServicePage page = naming.getServicesOfServer(
                        Integer.parseInt(args.get(1)), Integer.parseInt(args.get(2)), args.get(0));
                List<String> answer = new ArrayList<>(List.of(String.valueOf(page.count())));
                answer.addAll(page.names());
                yield answer;
            }
            case "fuzzy-watch" ->
                naming
                        .fuzzyWatch(
                                args.get(0),
                                args.get(1),
                                event -> conversation.event(
                                        args.get(2),
                                        List.of(
                                                event.present() ? "ADD_SERVICE" : "DELETE_SERVICE",
                                                event.service().fullName())))
                        .get(30, TimeUnit.SECONDS)
                        .stream()
                        .map(ServiceKey::fullName)
                        .sorted()
                        .toList();
            case "status" -> List.of(naming.getServerStatus());
            default -> {
                change(command, args);
                yield List.of();
            }
        };
    }

    private void change(String command, List<String> args) {
        String service = args.isEmpty() ? "" : args.get(0);
        String group = args.size() < 2 ? "" : args.get(1);
        switch (command) {
            case "register" -> naming.registerInstance(service, group, instance(args.get(2)));
            case "deregister" -> naming.deregisterInstance(service, group, instance(args.get(2)));
            case "batch-register" -> naming.batchRegisterInstance(service, group, instances(args));
            case "batch-deregister" -> naming.batchDeregisterInstance(service, group, instances(args));
            case "subscribe" ->
                naming.subscribe(
                        service, group, InstanceSelector.clusters(clusters(args.get(2))), listener(args.get(3)));
            case "unsubscribe" ->
                naming.unsubscribe(
                        service, group, InstanceSelector.clusters(clusters(args.get(2))), listener(args.get(3)));
            case "subscribe-differences" ->
                naming.subscribe(
                        service,
                        group,
                        change -> conversation.event(
                                args.get(2),
                                List.of(
                                        Words.join(hosts(change.added())),
                                        Words.join(hosts(change.modified())),
                                        Words.join(hosts(change.removed())))));
            case "shutdown" -> naming.shutDown();
            default -> throw new IllegalArgumentException("command: " + command);
        }
    }

    private ServiceListener listener(String name) {
        return listeners.computeIfAbsent(name, n -> change -> conversation.event(n, hosts(change.instances())));
    }

    private static List<String> clusters(String commaSeparated) {
        return commaSeparated.isEmpty() ? List.of() : Arrays.asList(commaSeparated.split(","));
    }

    private static List<Instance> instances(List<String> args) {
        return args.subList(2, args.size()).stream().map(SdkDriver::instance).toList();
    }

    private static Instance instance(String word) {
        Host host = Host.parse(word);
        return Instance.builder(host.ip(), host.port())
                .cluster(host.cluster())
                .weight(host.weight())
                .healthy(host.healthy())
                .enabled(host.enabled())
                .ephemeral(host.ephemeral())
                .metadata(host.metadata())
                .build();
    }

    private static List<String> hosts(List<Instance> instances) {
        return instances.stream()
                .map(each -> new Host(
                        each.ip(),
                        each.port(),
                        each.cluster(),
                        each.weight(),
                        each.healthy(),
                        each.enabled(),
                        each.ephemeral(),
                        each.service(),
                        each.metadata()))
                .sorted()
                .map(Host::toWord)
                .toList();
    }
}
