package io.registry.server.testkit.network;

import java.time.Duration;

/**
 * The network that the nodes of one cluster share. Nodes have the numbers of their places, from 0.
 *
 * <p>What breaks a link throws {@link UnsupportedOperationException} where {@link #breaks()} is false.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public interface HostNetwork extends AutoCloseable {

    /** Says in a few words what it is, and what it cannot do. */
    String description();

    /** Whether links can be broken. */
    boolean breaks();

    /** Gives the next node a place. */
    Place add();

    /** Lets a node hear nothing any more of another one, which goes on to hear it; packets are dropped in silence. */
    void deafen(int node, int other);

    /** Takes a node off the network, away from clients too, as if somebody pulled the plug. */
    void unplug(int node);

    /**
     * Loses some of the packets that come to a node, by chance.
     *
     * @param percent how many of a hundred; 0 to 100
     */
    void lose(int node, int percent);

    /**
     * Makes what a node sends slow: each packet waits for this time, or, on a kernel that cannot delay packets, for as
     * long as it takes a narrow link to send what is before it.
     */
    void slow(int node, Duration delay);

    /** Makes the network whole and fast again. */
    void heal();

    /** Takes the network away; nothing may run there any more. */
    @Override
    void close();
}
