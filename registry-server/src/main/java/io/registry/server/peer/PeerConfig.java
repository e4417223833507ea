package io.registry.server.peer;

import io.registry.distro.model.NodeId;
import io.registry.server.secret.PeerSecret;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The settings of what members say to each other.
 *
 * @param self this node
 * @param incarnation the incarnation of this node
 * @param secret what all members share
 * @param listen where the cluster port is opened, where there is one; port 0 for any free one
 * @param versions what this node speaks
 * @param limits what it takes, keeps and waits for
 */
public record PeerConfig(
        NodeId self, long incarnation, PeerSecret secret, InetSocketAddress listen, Versions versions, Limits limits) {

    /**
     * The versions of {@code distro.proto} that a node speaks. Two nodes speak the newest that both know.
     *
     * @param min the oldest
     * @param max the newest
     */
    public record Versions(int min, int max) {

        /** What this server speaks. */
        public static final Versions CURRENT = new Versions(1, 1);

        /** Refuses a range of none. */
        public Versions {
            if (min < 1 || max < min) {
                throw new IllegalArgumentException(
                        "versions: " + min + ".." + max + " (expected: the older first, from 1)");
            }
        }
    }

    /**
     * What a node takes, keeps and waits for.
     *
     * @param sockets how many connections others may have to the cluster port; over HTTP, how many streams that have not
     *     proved themselves
     * @param handshake how long a stream may take to prove itself; a caller waits twice as long
     * @param messagesMax how many messages wait for one peer; more are dropped
     * @param frameBytesMax the longest frame, in bytes
     * @param callsMax how many calls to one peer, and of one peer, are under way
     * @param retryMin the pause before the first attempt to connect again
     * @param retryMax the longest such pause
     */
    public record Limits(
            int sockets,
            Duration handshake,
            int messagesMax,
            int frameBytesMax,
            int callsMax,
            Duration retryMin,
            Duration retryMax) {

        /**
         * A cluster has at most nine members, and one that starts again may leave an old connection behind for a while.
         * The longest frame holds a batch of a thousand instances with the longest metadata.
         */
        public static final Limits DEFAULTS =
                new Limits(64, Duration.ofSeconds(5), 64, 32 << 20, 256, Duration.ofMillis(100), Duration.ofSeconds(5));
    }
}
