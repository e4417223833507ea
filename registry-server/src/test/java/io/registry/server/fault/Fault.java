package io.registry.server.fault;

import io.registry.server.testkit.RegistryCluster;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What can happen to a node; {@link RegistryCluster#heal()} ends all of it. */
public enum Fault {
    /** It is stopped in order, and started again when it is healed. */
    STOP(false) {
        @Override
        void strike(RegistryCluster cluster, int node, Random random) {
            if (cluster.node(node).isRunning()) {
                cluster.node(node).stop();
            }
        }
    },

    /** It is killed, and started again when it is healed. */
    KILL(false) {
        @Override
        void strike(RegistryCluster cluster, int node, Random random) {
            if (cluster.node(node).isAlive()) {
                cluster.node(node).kill();
            }
        }
    },

    /** It is killed and started again at once. */
    CRASH(false) {
        @Override
        void strike(RegistryCluster cluster, int node, Random random) {
            if (cluster.node(node).isAlive()) {
                cluster.node(node).kill();
            }
            cluster.node(node).launch();
        }
    },

    /** It stands still. */
    PAUSE(false) {
        @Override
        void strike(RegistryCluster cluster, int node, Random random) {
            if (cluster.node(node).isRunning()) {
                cluster.node(node).pause();
            }
        }
    },

    /** It and the others hear nothing of each other. */
    CUT(true) {
        @Override
        void strike(RegistryCluster cluster, int node, Random random) {
            cluster.cut(node);
        }
    },

    /** It does not hear one of the others, which hears it. */
    ONE_WAY(true) {
        @Override
        void strike(RegistryCluster cluster, int node, Random random) {
            int size = cluster.nodes().size();
            cluster.network().deafen(node, (node + 1 + random.nextInt(size - 1)) % size);
        }
    },

    /** Nobody reaches it, clients neither. */
    UNPLUG(true) {
        @Override
        void strike(RegistryCluster cluster, int node, Random random) {
            cluster.network().unplug(node);
        }
    },

    /** Some of the packets to it get lost. */
    LOSS(true) {
        @Override
        void strike(RegistryCluster cluster, int node, Random random) {
            cluster.network().lose(node, 5 + random.nextInt(40));
        }
    },

    /** What it sends is late. */
    DELAY(true) {
        @Override
        void strike(RegistryCluster cluster, int node, Random random) {
            cluster.network().slow(node, Duration.ofMillis(50 + random.nextInt(400)));
        }
    };

    private final boolean ofTheNetwork;

    Fault(boolean ofTheNetwork) {
        this.ofTheNetwork = ofTheNetwork;
    }

    /** Does it to a node. */
    abstract void strike(RegistryCluster cluster, int node, Random random);

    /** Returns those that can happen to a cluster. */
    static List<Fault> possibleIn(RegistryCluster cluster) {
        return List.of(values()).stream()
                .filter(fault -> cluster.network().breaks() || !fault.ofTheNetwork)
                .toList();
    }
}
