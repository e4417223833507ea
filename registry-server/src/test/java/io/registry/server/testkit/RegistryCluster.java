package io.registry.server.testkit;

import io.registry.server.testkit.network.HostNetwork;
import io.registry.server.testkit.network.LoopbackNetwork;
import io.registry.server.testkit.network.NamespaceNetwork;
import io.registry.server.testkit.network.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A cluster of real server processes, each at an address of its own, with faults: a node can be killed, stand still, or,
 * where the {@link #network} can be broken, be cut off.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public final class RegistryCluster implements AutoCloseable {

    private final HostNetwork network;
    private final List<String> options;
    private final List<RegistryProcess> nodes = new ArrayList<>();
    private final List<RegistryProcess> all = new ArrayList<>();

    private RegistryCluster(HostNetwork network, String... options) {
        this.network = network;
        this.options = new ArrayList<>(List.of(options));
        this.options.add("--registry.cluster.secret=a secret of the tests");
    }

    /** Starts a cluster on ports of 127.0.0.1 and waits until each of its nodes is ready. */
    public static RegistryCluster start(int size, String... options) {
        return startOn(LoopbackNetwork.onOneHost(Ports::free), size, options);
    }

    /** Starts a cluster on 127.0.0.1, 127.0.0.2 and so on, with equal ports, and waits until each of its nodes is ready. */
    public static RegistryCluster startApart(int size, String... options) {
        return startOn(new LoopbackNetwork(Ports::free), size, options);
    }

    /**
     * Starts a cluster on a network that can be broken, where this process may make one, and as {@link #startApart} does
     * where not; says which of the two on the standard output.
     */
    public static RegistryCluster startBreakable(int size, String... options) {
        HostNetwork network;
        try {
            network = NamespaceNetwork.open();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
            network = new LoopbackNetwork(Ports::free);
        }
        System.out.println("the nodes of this cluster are on " + network.description());
        return startOn(network, size, options);
    }

    /** Starts a cluster on a network, and waits until each of its nodes is ready; the network ends with it. */
    public static RegistryCluster startOn(HostNetwork network, int size, String... options) {
        RegistryCluster cluster = new RegistryCluster(network, options);
        try {
            List<Place> places = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                places.add(network.add());
            }
            List<String> addresses = places.stream().map(Place::address).toList();
            places.forEach(place -> cluster.keep(RegistryProcess.prepared(place, cluster.options(addresses))));
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
        Place place = network.add();
        List<String> addresses = nodeAddresses();
        addresses.add(place.address());
        RegistryProcess another = keep(RegistryProcess.prepared(place, options));
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
        int number = nodes.indexOf(node);
        int port = Ports.free();
        List<String> addresses = nodeAddresses();
        addresses.set(number, node.host() + ":" + port);
        RegistryProcess moved = node.moved(port, options(addresses));
        nodes.set(number, moved);
        all.add(moved);
        return moved;
    }

    /**
     * Prepares a stopped node with some options of its own, beside those that all have or in their place; does not start
     * it, nor count it.
     */
    public RegistryProcess changed(RegistryProcess node, String... changes) {
        List<String> with = options(nodeAddresses());
        for (String change : changes) {
            String name = change.substring(0, change.indexOf('=') + 1);
            with.removeIf(each -> each.startsWith(name));
            with.add(change);
        }
        RegistryProcess changed = node.moved(node.port(), with);
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

    private List<String> nodeAddresses() {
        return new ArrayList<>(nodes.stream().map(RegistryProcess::address).toList());
    }

    private List<String> options(List<String> addresses) {
        List<String> with = new ArrayList<>(options);
        with.add("--registry.cluster.members=" + String.join(",", addresses));
        return with;
    }

    /** Returns a node, by its number from 0. */
    public RegistryProcess node(int number) {
        return nodes.get(number);
    }

    /** Returns all nodes. */
    public List<RegistryProcess> nodes() {
        return nodes;
    }

    /** Returns the addresses of all nodes, with commas between them, as clients are configured. */
    public String addresses() {
        return nodes.stream().map(RegistryProcess::address).collect(Collectors.joining(","));
    }

    /** Returns what lies between the nodes. */
    public HostNetwork network() {
        return network;
    }

    /** Lets a node and the other ones hear nothing of each other; clients reach all of them. */
    public void cut(int number) {
        for (int other = 0; other < nodes.size(); other++) {
            if (other != number) {
                network.deafen(number, other);
                network.deafen(other, number);
            }
        }
    }

    /** Makes the network whole, lets go on what stands still, starts what is away, and waits until all are ready. */
    public void heal() {
        network.heal();
        for (RegistryProcess node : nodes) {
            if (!node.isAlive()) {
                node.launch();
            } else if (!node.isRunning()) {
                node.resume();
            }
        }
        nodes.forEach(RegistryProcess::awaitReady);
    }

    @Override
    public void close() {
        all.forEach(RegistryProcess::close);
        network.close();
    }
}
