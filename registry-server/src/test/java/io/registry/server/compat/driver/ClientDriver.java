package io.registry.server.compat.driver;

import com.alibaba.nacos.api.NacosFactory;
import com.alibaba.nacos.api.exception.NacosException;
import com.alibaba.nacos.api.naming.NamingService;
import com.alibaba.nacos.api.naming.listener.EventListener;
import com.alibaba.nacos.api.naming.listener.NamingEvent;
import com.alibaba.nacos.api.naming.pojo.Instance;
import com.alibaba.nacos.api.naming.pojo.ListView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs one naming client and does what the lines on its input say, one after another: {@link Conversation}. */
public final class ClientDriver {

    private final NamingService naming;
    private final Conversation conversation;
    private final Map<String, EventListener> listeners = new HashMap<>();

    private ClientDriver(NamingService naming, Conversation conversation) {
        this.naming = naming;
        this.conversation = conversation;
    }

    /**
     * Reads commands until the input ends.
     *
     * @param args the client's properties, each as {@code name=value}
     */
    public static void main(String[] args) throws NacosException, IOException {
        Conversation conversation = Conversation.begin();
        NamingService naming = NacosFactory.createNamingService(Conversation.properties(args));
        conversation.answerAll(new ClientDriver(naming, conversation)::run);
        // The test went away, or lets the process end; the client has non-daemon threads.
        Runtime.getRuntime().halt(0);
    }

    private List<String> run(String command, List<String> args)
            throws NacosException, InterruptedException, java.util.concurrent.ExecutionException,
                    java.util.concurrent.TimeoutException {
        return switch (command) {
            case "register" -> {
                naming.registerInstance(args.get(0), args.get(1), instance(args.get(2)));
                yield List.of();
            }
            case "deregister" -> {
                naming.deregisterInstance(args.get(0), args.get(1), instance(args.get(2)));
                yield List.of();
            }
            case "batch-register" -> {
                naming.batchRegisterInstance(args.get(0), args.get(1), instances(args));
                yield List.of();
            }
            case "batch-deregister" -> {
                naming.batchDeregisterInstance(args.get(0), args.get(1), instances(args));
                yield List.of();
            }
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
            case "subscribe" -> {
                naming.subscribe(args.get(0), args.get(1), clusters(args.get(2)), listener(args.get(3)));
                yield List.of();
            }
            case "unsubscribe" -> {
                naming.unsubscribe(args.get(0), args.get(1), clusters(args.get(2)), listener(args.get(3)));
                yield List.of();
            }
            case "subscribe-differences" -> {
                Differences.subscribe(
                        naming, args.get(0), args.get(1), words -> conversation.event(args.get(2), words));
                yield List.of();
            }
            case "list" -> {
                ListView<String> page = naming.getServicesOfServer(
                        Integer.parseInt(args.get(1)), Integer.parseInt(args.get(2)), args.get(0));
                List<String> answer = new ArrayList<>(List.of(String.valueOf(page.getCount())));
                answer.addAll(page.getData());
                yield answer;
            }
            case "fuzzy-watch" ->
                FuzzyWatching.watch(naming, args.get(0), args.get(1), words -> conversation.event(args.get(2), words));
            case "status" -> List.of(naming.getServerStatus());
            case "shutdown" -> {
                naming.shutDown();
                yield List.of();
            }
            default -> throw new IllegalArgumentException("command: " + command);
        };
    }

    private EventListener listener(String name) {
        return listeners.computeIfAbsent(
                name, n -> event -> conversation.event(n, hosts(((NamingEvent) event).getInstances())));
    }

    private static List<String> clusters(String commaSeparated) {
        return commaSeparated.isEmpty() ? new ArrayList<>() : Arrays.asList(commaSeparated.split(","));
    }

    private static List<Instance> instances(List<String> args) {
        return new ArrayList<>(args.subList(2, args.size()).stream()
                .map(ClientDriver::instance)
                .toList());
    }

    private static Instance instance(String word) {
        Host host = Host.parse(word);
        Instance instance = new Instance();
        instance.setIp(host.ip());
        instance.setPort(host.port());
        instance.setClusterName(host.cluster());
        instance.setWeight(host.weight());
        instance.setHealthy(host.healthy());
        instance.setEnabled(host.enabled());
        instance.setEphemeral(host.ephemeral());
        instance.setMetadata(new HashMap<>(host.metadata()));
        return instance;
    }

    static List<String> hosts(List<Instance> instances) {
        return instances.stream()
                .map(i -> new Host(
                        i.getIp(),
                        i.getPort(),
                        i.getClusterName(),
                        i.getWeight(),
                        i.isHealthy(),
                        i.isEnabled(),
                        i.isEphemeral(),
                        i.getServiceName(),
                        i.getMetadata()))
                .sorted()
                .map(Host::toWord)
                .toList();
    }
}
