package io.registry.distro.sim;

import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.SimNetwork;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which nodes a client reaches: in a partition those of its side, or all of them, and none while it is cut off. */
public final class ClientReach {

    private final SimNetwork network;
    private final Map<String, Integer> sides = new LinkedHashMap<>();
    private final Set<String> cut = new LinkedHashSet<>();

    /** Lets every client reach every node. */
    public ClientReach(SimNetwork network) {
        this.network = network;
    }

    /** Returns whether a client reaches a node now. */
    public boolean reaches(String client, NodeId node) {
        if (cut.contains(client)) {
            return false;
        }
        Integer side = sides.get(client);
        return side == null || network.sideOf(node) == side;
    }

    /** Puts a client on one side of the partition. */
    public void place(String client, int side) {
        sides.put(client, side);
    }

    /** Lets a client reach nobody. */
    public void cut(String client) {
        cut.add(client);
    }

    /** Ends that. */
    public void mend(String client) {
        cut.remove(client);
    }

    /** Lets every client reach both sides of what is no longer divided. */
    public void forgetSides() {
        sides.clear();
    }

    /** Lets every client reach every node again. */
    public void heal() {
        sides.clear();
        cut.clear();
    }
}
