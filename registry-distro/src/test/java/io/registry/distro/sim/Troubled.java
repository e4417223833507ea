package io.registry.distro.sim;

import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.Chance;
import io.registry.distro.sim.engine.SimClock;
import io.registry.distro.sim.engine.SimLoop;
import io.registry.distro.sim.engine.SimNetwork;
import java.util.Collection;
import java.util.List;

/** A cluster of machines, and those who come to it, as what goes wrong sees them. What runs on a machine is its own. */
public interface Troubled {

    /** A machine, on which a process runs, dies and is started again. */
    interface Machine {

        /** Returns who it is. */
        NodeId id();

        /** Returns its wall clock. */
        SimClock.Wall wall();

        /** Returns whether a process runs. */
        boolean isUp();

        /** Kills the process: no word to anybody. No effect where none runs. */
        void crash();

        /** Stops the process in order; no effect where none runs, or where it is about to stop already. */
        void leave(Runnable whenOver);

        /** Starts a process, with what was kept on disk or without; no effect where one runs, or it is no member. */
        void restart(boolean warm);

        /** Has the process stand still for a while. No effect where none runs. */
        void pause(long millis);

        /** Has the process ask some of its connections to go elsewhere. No effect where none runs. */
        void reset(int connections);
    }

    /** Returns the time and what is to happen. */
    SimLoop loop();

    /** Returns what the parts of this world draw their chance from. */
    Chance chance();

    /** Returns the network between the nodes. */
    SimNetwork network();

    /** Returns which nodes a client reaches. */
    ClientReach reach();

    /** Returns what goes wrong, and how often. */
    Mischief mischief();

    /** Returns the configured members, in order. */
    Collection<NodeId> members();

    /** Returns the machines of the members, in order. */
    List<? extends Machine> memberNodes();

    /** Returns the names of all clients. */
    List<String> clientNames();

    /** Makes another node, that is a member from now on. */
    Machine addMember();

    /** Takes a member out, for good. */
    void removeMember(NodeId member);
}
