package io.registry.server.testkit;

import java.util.ArrayList;
import java.util.List;

/** A cluster of real server processes on loopback ports. */
public final class RegistryCluster implements AutoCloseable {

    private final List<RegistryProcess> nodes;

    private RegistryCluster(List<RegistryProcess> nodes) {
        this.nodes = nodes;
    }

    /** Starts a cluster and waits until each of its nodes is ready. */
    public static RegistryCluster start(int size, String... options) {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ports.add(Ports.free());
        }
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--registry.cluster.members="
                + String.join(
                        ",", ports.stream().map(port -> "127.0.0.1:" + port).toList()));
        all.add("--registry.cluster.secret=a secret of the tests");
        RegistryCluster cluster = new RegistryCluster(ports.stream()
                .map(port -> RegistryProcess.prepared(port, all.toArray(String[]::new)))
                .toList());
        try {
            cluster.nodes.forEach(RegistryProcess::launch);
            cluster.nodes.forEach(RegistryProcess::awaitReady);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
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
        nodes.forEach(RegistryProcess::close);
    }
}
