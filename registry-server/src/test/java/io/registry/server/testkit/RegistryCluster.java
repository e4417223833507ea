package io.registry.server.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** A cluster of real server processes on loopback ports. */
public final class RegistryCluster implements AutoCloseable {

    private final List<String> options;
    private final List<RegistryProcess> nodes = new ArrayList<>();
    private final List<RegistryProcess> all = new ArrayList<>();

    private RegistryCluster(String... options) {
        this.options = new ArrayList<>(List.of(options));
        this.options.add("--registry.cluster.secret=a secret of the tests");
    }

    /** Starts a cluster and waits until each of its nodes is ready. */
    public static RegistryCluster start(int size, String... options) {
        RegistryCluster cluster = new RegistryCluster(options);
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ports.add(Ports.free());
        }
        List<String> addresses = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        ports.forEach(port -> cluster.keep(RegistryProcess.prepared(port, cluster.options(addresses))));
        try {
            cluster.nodes.forEach(RegistryProcess::launch);
            cluster.nodes.forEach(RegistryProcess::awaitReady);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Starts one more node, which has a file that says where the others are, and is none of them; does not wait.
     */
    public RegistryProcess launchAnother() {
        int port = Ports.free();
        List<String> addresses = addresses();
        addresses.add("127.0.0.1:" + port);
        RegistryProcess another = keep(RegistryProcess.prepared(port, options.toArray(String[]::new)));
        try {
            Files.createDirectories(another.dataDirectory());
            Files.writeString(
                    another.dataDirectory().resolve("cluster.conf"), String.join("\n", addresses) + "  # this node\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        another.launch();
        return another;
    }

    /** Prepares a stopped node on other ports, in its own directory and in its place; does not start it. */
    public RegistryProcess move(RegistryProcess node) {
        int place = nodes.indexOf(node);
        int port = Ports.free();
        List<String> addresses = addresses();
        addresses.set(place, "127.0.0.1:" + port);
        RegistryProcess moved = node.moved(port, options(addresses));
        nodes.set(place, moved);
        all.add(moved);
        return moved;
    }

    /** Prepares a stopped node with another option in the place of one that all have; does not start it, nor count it. */
    public RegistryProcess changed(RegistryProcess node, String option) {
        List<String> with = new ArrayList<>(List.of(options(addresses())));
        String name = option.substring(0, option.indexOf('=') + 1);
        with.removeIf(each -> each.startsWith(name));
        with.add(option);
        RegistryProcess changed = node.moved(node.port(), with.toArray(String[]::new));
        all.add(changed);
        return changed;
    }

    /** No longer counts a node as one of the cluster; it ends with the cluster, if not before. */
    public void forget(RegistryProcess node) {
        nodes.remove(node);
    }

    private RegistryProcess keep(RegistryProcess node) {
        nodes.add(node);
        all.add(node);
        return node;
    }

    private List<String> addresses() {
        return new ArrayList<>(nodes.stream().map(RegistryProcess::address).toList());
    }

    private String[] options(List<String> addresses) {
        List<String> with = new ArrayList<>(options);
        with.add("--registry.cluster.members=" + String.join(",", addresses));
        return with.toArray(String[]::new);
    }

    /** Returns a node, by its number from 0. */
    public RegistryProcess node(int number) {
        return nodes.get(number);
    }

    /** Returns all nodes. */
    public List<RegistryProcess> nodes() {
        return nodes;
    }

    @Override
    public void close() {
        all.forEach(RegistryProcess::close);
    }
}
