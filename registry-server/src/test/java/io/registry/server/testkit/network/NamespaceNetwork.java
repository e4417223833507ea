package io.registry.server.testkit.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A network namespace of Linux for each node, with one card, and a bridge between them to which this process is
 * connected too. Needs root and {@code ip} and {@code tc} of iproute2.
 *
 * <p>A namespace drops packets where they arrive, so that who sent them learns nothing of it. A program of a few
 * instructions in the kernel looks at each (classic BPF: no part of the kernel is needed that is often left out).
 *
 * <p>What a process left that was killed is cleared away by the next one that opens a network.
 */
public final class NamespaceNetwork implements HostNetwork {

    /** 198.18.0.0/15 is for tests of networks, and routed nowhere. */
    private static final String NET = "198.18.";

    private static final int NETS = 256;
    private static final int NODES_MAX = 9;
    private static final String NAME = "regtest";
    private static final int PORT = 8848;

    /** What the kernel's classifier takes for an answer. */
    private static final String DROP = "6 0 0 2";

    private static final String PASS = "6 0 0 0";
    private static final int SOURCE_OFFSET = 26;
    private static final long RANDOM_NUMBER = 0xFFFF_F038L;

    /** A link on which a connection still works and 1,000 instances take a second. */
    private static final String NARROW = "512kbit";

    private final int number;
    private final String bridge;
    private final Map<Integer, Set<Integer>> unheard = new LinkedHashMap<>();
    private final Map<Integer, Integer> lost = new LinkedHashMap<>();
    private final Set<Integer> slow = new TreeSet<>();
    private final Set<Integer> unplugged = new TreeSet<>();
    private int places;

    private NamespaceNetwork(int number) {
        this.number = number;
        this.bridge = NAME + number;
    }

    /**
     * Makes a network without nodes.
     *
     * @throws IllegalStateException with the reason, where this process may not, or the system cannot
     */
    public static NamespaceNetwork open() {
        clearAway();
        String refusal = "";
        int first = (int) (ProcessHandle.current().pid() % NETS);
        for (int i = 0; i < NETS; i++) {
            NamespaceNetwork network = new NamespaceNetwork((first + i) % NETS);
            refusal = Commands.refusal("ip", "link", "add", network.bridge, "type", "bridge");
            if (refusal.isEmpty()) {
                network.begin();
                return network;
            }
            if (!refusal.contains("File exists")) {
                break;
            }
        }
        throw new IllegalStateException("no network namespaces: " + refusal);
    }

    private void begin() {
        try {
            Commands.run(
                    "ip",
                    "link",
                    "set",
                    bridge,
                    "alias",
                    owner(ProcessHandle.current().pid()));
            Commands.run("ip", "address", "add", NET + number + ".254/24", "dev", bridge);
            Commands.run("ip", "link", "set", bridge, "up");
            // Whoever can make a bridge can still be without namespaces or classifiers.
            String probe = bridge + "-9";
            Commands.run("ip", "netns", "add", probe);
            Commands.run("tc", "-netns", probe, "qdisc", "add", "dev", "lo", "clsact");
            filter(probe, "lo", List.of(DROP));
            Commands.run("ip", "netns", "delete", probe);
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    @Override
    public String description() {
        return "network namespaces, " + NET + number + ".0/24";
    }

    @Override
    public boolean breaks() {
        return true;
    }

    @Override
    public Place add() {
        if (places == NODES_MAX - 1) {
            throw new IllegalStateException("places: more than " + (NODES_MAX - 1));
        }
        int node = places++;
        String space = space(node);
        Commands.run("ip", "netns", "add", space);
        Commands.run("ip", "link", "add", link(node), "type", "veth", "peer", "name", "eth0", "netns", space);
        Commands.run("ip", "link", "set", link(node), "master", bridge, "up");
        Commands.run("ip", "-netns", space, "address", "add", host(node) + "/24", "dev", "eth0");
        Commands.run("ip", "-netns", space, "link", "set", "lo", "up");
        Commands.run("ip", "-netns", space, "link", "set", "eth0", "up");
        Commands.run("tc", "-netns", space, "qdisc", "add", "dev", "eth0", "clsact");
        return new Place(
                host(node),
                PORT,
                List.of("ip", "netns", "exec", space),
                List.of("--server.address=" + host(node), "--registry.access.clients=open"));
    }

    /** Returns the address of this process on the network. */
    public String ownHost() {
        return NET + number + ".254";
    }

    @Override
    public void deafen(int node, int other) {
        check(other);
        unheard.computeIfAbsent(check(node), key -> new TreeSet<>()).add(other);
        refilter(node);
    }

    @Override
    public void unplug(int node) {
        Commands.run("ip", "link", "set", link(check(node)), "down");
        unplugged.add(node);
    }

    @Override
    public void lose(int node, int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percent: " + percent + " (expected: 0..100)");
        }
        lost.put(check(node), percent);
        refilter(node);
    }

    @Override
    public void slow(int node, Duration delay) {
        String space = space(check(node));
        String refusal = Commands.refusal(
                "tc",
                "-netns",
                space,
                "qdisc",
                "replace",
                "dev",
                "eth0",
                "root",
                "netem",
                "delay",
                delay.toMillis() + "ms");
        if (!refusal.isEmpty()) {
            Commands.run(
                    "tc",
                    "-netns",
                    space,
                    "qdisc",
                    "replace",
                    "dev",
                    "eth0",
                    "root",
                    "tbf",
                    "rate",
                    NARROW,
                    "burst",
                    "4kb",
                    "latency",
                    (delay.toMillis() + 1_000) + "ms");
        }
        slow.add(node);
    }

    @Override
    public void heal() {
        Set<Integer> filtered = new TreeSet<>(unheard.keySet());
        filtered.addAll(lost.keySet());
        unheard.clear();
        lost.clear();
        filtered.forEach(this::refilter);
        for (int node : slow) {
            Commands.run("tc", "-netns", space(node), "qdisc", "delete", "dev", "eth0", "root");
        }
        slow.clear();
        for (int node : unplugged) {
            Commands.run("ip", "link", "set", link(node), "up");
        }
        unplugged.clear();
    }

    @Override
    public void close() {
        clear(number);
    }

    private void refilter(int node) {
        Set<Integer> others = unheard.getOrDefault(node, Set.of());
        int percent = lost.getOrDefault(node, 0);
        if (others.isEmpty() && percent == 0) {
            Commands.run("tc", "-netns", space(node), "filter", "delete", "dev", "eth0", "ingress");
            return;
        }
        List<String> program = new ArrayList<>();
        program.add("32 0 0 " + SOURCE_OFFSET);
        for (int other : others) {
            program.add("21 0 1 " + ((198L << 24) + (18 << 16) + (number << 8) + lastByte(other)));
            program.add(DROP);
        }
        if (percent > 0) {
            program.add("32 0 0 " + RANDOM_NUMBER);
            program.add("53 1 0 " + Math.min(0xFFFF_FFFFL, (1L << 32) * percent / 100));
            program.add(DROP);
        }
        program.add(PASS);
        filter(space(node), "eth0", program);
    }

    private static void filter(String space, String card, List<String> program) {
        Commands.run(
                "tc",
                "-netns",
                space,
                "filter",
                "replace",
                "dev",
                card,
                "ingress",
                "prio",
                "1",
                "handle",
                "1",
                "protocol",
                "ip",
                "bpf",
                "direct-action",
                "bytecode",
                program.size() + "," + String.join(",", program));
    }

    private int check(int node) {
        if (node < 0 || node >= places) {
            throw new IllegalArgumentException("node: " + node + " (expected: 0.." + (places - 1) + ")");
        }
        return node;
    }

    private String space(int node) {
        return bridge + "-" + node;
    }

    private String link(int node) {
        return bridge + "v" + node;
    }

    private String host(int node) {
        return NET + number + "." + lastByte(node);
    }

    private static int lastByte(int node) {
        return node + 1;
    }

    private static String owner(long pid) {
        return "made by process " + pid;
    }

    private static void clearAway() {
        for (String line : Commands.lines("ip", "-oneline", "link", "show", "type", "bridge")) {
            String[] words = line.split("[:\\s\\\\]+", -1);
            int alias = line.indexOf(owner(0).replace("0", ""));
            if (words.length > 1 && words[1].matches(NAME + "\\d+") && alias >= 0) {
                String pid = line.substring(alias).replaceAll("\\D+(\\d+).*", "$1");
                if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    clear(Integer.parseInt(words[1].substring(NAME.length())));
                }
            }
        }
    }

    private static void clear(int number) {
        for (String line : Commands.lines("ip", "netns", "list")) {
            String space = line.split("\\s", -1)[0];
            if (space.startsWith(NAME + number + "-")) {
                // Processes that were left there, with what killed their parent.
                Commands.lines("ip", "netns", "pids", space)
                        .forEach(pid -> ProcessHandle.of(Long.parseLong(pid.strip()))
                                .ifPresent(ProcessHandle::destroyForcibly));
                Commands.refusal("ip", "netns", "delete", space);
            }
        }
        Commands.refusal("ip", "link", "delete", NAME + number);
    }
}
