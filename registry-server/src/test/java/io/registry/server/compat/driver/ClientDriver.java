package io.registry.server.compat.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.alibaba.nacos.api.NacosFactory;
import com.alibaba.nacos.api.exception.NacosException;
import com.alibaba.nacos.api.naming.NamingService;
import com.alibaba.nacos.api.naming.listener.EventListener;
import com.alibaba.nacos.api.naming.listener.NamingEvent;
import com.alibaba.nacos.api.naming.pojo.Instance;
import com.alibaba.nacos.api.naming.pojo.ListView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Runs one naming client and does what the lines on its input say, one after another.
 *
 * <p>A line is a command and its arguments. Each is answered by one line, {@code ok} and the results or {@code failed}
 * and the reason; between answers come lines {@code event}, the name of the subscription, and what the listener got.
 */
public final class ClientDriver {

    private final NamingService naming;
    private final PrintStream out;
    private final Map<String, EventListener> listeners = new HashMap<>();

    private ClientDriver(NamingService naming, PrintStream out) {
        this.naming = naming;
        this.out = out;
    }

    /**
     * Reads commands until the input ends.
     *
     * @param args the client's properties, each as {@code name=value}
     */
    public static void main(String[] args) throws NacosException, IOException {
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, UTF_8);
        // Whatever the client's libraries print must not come between the answers.
        System.setOut(System.err);
        Properties properties = new Properties();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            properties.setProperty(arg.substring(0, equals), arg.substring(equals + 1));
        }
        ClientDriver driver = new ClientDriver(NacosFactory.createNamingService(properties), out);
        driver.print("ok");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            driver.answer(Words.split(line));
        }
        // The test went away, or lets the process end; the client has non-daemon threads.
        Runtime.getRuntime().halt(0);
    }

    private void answer(List<String> words) {
        try {
            List<String> answer = new ArrayList<>(List.of("ok"));
            answer.addAll(run(words.get(0), words.subList(1, words.size())));
            print(answer.toArray(String[]::new));
        } catch (NacosException | RuntimeException | LinkageError | InterruptedException e) {
            e.printStackTrace();
            print("failed", String.valueOf(e));
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            print("failed", String.valueOf(e));
        }
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
                Differences.subscribe(naming, args.get(0), args.get(1), words -> event(args.get(2), words));
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
                FuzzyWatching.watch(naming, args.get(0), args.get(1), words -> event(args.get(2), words));
            case "status" -> List.of(naming.getServerStatus());
            case "shutdown" -> {
                naming.shutDown();
                yield List.of();
            }
            default -> throw new IllegalArgumentException("command: " + command);
        };
    }

    private EventListener listener(String name) {
        return listeners.computeIfAbsent(name, n -> event -> event(n, hosts(((NamingEvent) event).getInstances())));
    }

    private void event(String name, List<String> words) {
        List<String> line = new ArrayList<>(List.of("event", name));
        line.addAll(words);
        print(line.toArray(String[]::new));
    }

    private synchronized void print(String... words) {
        out.println(Words.join(words));
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
