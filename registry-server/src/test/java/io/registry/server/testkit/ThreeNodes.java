package io.registry.server.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.registry.server.testkit.network.HostNetwork;
import io.registry.server.testkit.network.LoopbackNetwork;
import io.registry.server.testkit.network.NamespaceNetwork;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A cluster of three nodes to play with: starts them, and does to them what the lines on its input say. {@code
 * registry-server/bin/three-nodes} runs it.
 */
public final class ThreeNodes {

    private static final String NAMESPACES = "--namespaces";
    private static final int PORT = 8848;
    private static final String HELP = """
            kill N         ends a node at once (SIGKILL)
            stop N         asks a node to stop (SIGTERM)
            start N        starts a node that is away
            pause N        stands a node still (SIGSTOP)
            resume N       lets it go on
            heal           makes all of it whole: network, nodes that stand still, nodes that are away
            state          shows how the nodes are
            quit           ends all nodes; so does the end of the input

            with --namespaces:
            cut N          a node and the other ones hear nothing of each other
            deafen N M     node N hears nothing of node M
            unplug N       nobody reaches a node, clients neither
            lose N PERCENT packets to a node get lost
            slow N MILLIS  packets of a node are late
            """;

    private final RegistryCluster cluster;

    /** Held by who ends the nodes: the end of the input, or of the process. */
    private final ReentrantLock ending = new ReentrantLock();

    private ThreeNodes(RegistryCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Starts the nodes and obeys.
     *
     * @param arguments {@code --namespaces}, and settings of the server
     */
    public static void main(String[] arguments) throws IOException {
        List<String> options = new ArrayList<>(Arrays.asList(arguments));
        boolean apart = options.remove(NAMESPACES);
        if (options.stream().anyMatch(option -> !option.matches("--[a-z.-]+=.*"))) {
            System.out.println(
                    "arguments: " + options + " (expected: " + NAMESPACES + ", or settings --name=value)\n" + HELP);
            return;
        }
        HostNetwork network = apart ? NamespaceNetwork.open() : new LoopbackNetwork(ThreeNodes::port);
        System.out.println("starting three nodes on " + network.description());
        ThreeNodes nodes = new ThreeNodes(RegistryCluster.startOn(network, 3, options.toArray(String[]::new)));
        Runtime.getRuntime().addShutdownHook(new Thread(nodes::end, "end"));
        System.out.println("ready: " + nodes.cluster.addresses() + "; \"help\" says what can be done to them");
        if (options.stream().noneMatch(option -> option.startsWith(Administrator.OPTION))) {
            System.out.println("administrator: nacos, with password \"" + Administrator.PASSWORD + "\"");
        }
        nodes.state();
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            String line = input.readLine();
            while (line != null && !line.strip().equals("quit")) {
                nodes.obey(line.strip());
                line = input.readLine();
            }
        }
        nodes.end();
    }

    private static int port() {
        return Ports.isFree(PORT) ? PORT : Ports.free();
    }

    private void obey(String line) {
        List<String> words = List.of(line.split("\\s+", -1));
        try {
            switch (words.get(0)) {
                case "" -> {}
                case "state" -> state();
                case "heal" -> cluster.heal();
                case "kill" -> node(words).kill();
                case "stop" -> node(words).stop();
                case "start" -> node(words).restart();
                case "pause" -> node(words).pause();
                case "resume" -> node(words).resume();
                case "cut" -> cluster.cut(number(words, 1));
                case "deafen" -> cluster.network().deafen(number(words, 1), number(words, 2));
                case "unplug" -> cluster.network().unplug(number(words, 1));
                case "lose" -> cluster.network().lose(number(words, 1), amount(words));
                case "slow" -> cluster.network().slow(number(words, 1), Duration.ofMillis(amount(words)));
                default -> {
                    System.out.print(HELP);
                    return;
                }
            }
            System.out.println("done: " + line);
        } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException | AssertionError e) {
            System.out.println("not done: " + e.getMessage());
        }
    }

    private void state() {
        for (int i = 0; i < cluster.nodes().size(); i++) {
            RegistryProcess node = cluster.node(i);
            String state = !node.isAlive()
                    ? "away"
                    : !node.isRunning() ? "stands still" : node.isReady() ? "ready" : "not ready";
            System.out.println((i + 1) + "  " + node.address() + "  " + state + ", its log: " + node.logFile());
        }
    }

    private RegistryProcess node(List<String> words) {
        return cluster.node(number(words, 1));
    }

    /** Returns the number of a node from 0; people count from 1. */
    private int number(List<String> words, int at) {
        return whole(words, at, 1, cluster.nodes().size()) - 1;
    }

    private static int amount(List<String> words) {
        return whole(words, 2, 0, 60_000);
    }

    private static int whole(List<String> words, int at, int min, int max) {
        String word = at < words.size() ? words.get(at) : "";
        if (word.matches("\\d{1,5}") && Integer.parseInt(word) >= min && Integer.parseInt(word) <= max) {
            return Integer.parseInt(word);
        }
        throw new IllegalArgumentException(
                words.get(0) + ": \"" + word + "\" (expected: a number, " + min + ".." + max + ")");
    }

    private void end() {
        ending.lock();
        try {
            cluster.close();
        } finally {
            ending.unlock();
        }
    }
}
