package io.registry.server.core.cluster;

import io.registry.distro.model.NodeId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks other nodes to carry out commands.
 *
 * <p><b>Threading</b>: from any thread; never blocks. Answers come on a thread that has more to do: what follows them
 * must not block.
 */
public interface PeerCalls {

    /** How long an answer may take where nobody says otherwise: callers have clients of their own that wait. */
    Duration DEADLINE = Duration.ofSeconds(2);

    /** Carries out what other nodes ask. */
    @FunctionalInterface
    interface Answers {

        /**
         * Carries out a command.
         *
         * <p><b>Threading</b>: on a thread that has more to do, and must not block.
         *
         * @param from who asks; it has proved to be that node
         * @param command what it asks, as it has encoded it
         * @return the answer; or failed, and then the asker is told the message of the failure
         */
        CompletionStage<byte[]> answer(NodeId from, byte[] command);
    }

    /**
     * Asks a node, once.
     *
     * @param command what is asked, as the node understands it; not to be written to any more
     * @param deadline how long to wait
     * @return the answer; or failed with a {@link PeerCallException}, which says whether the node was asked at all
     */
    CompletableFuture<byte[]> ask(NodeId peer, byte[] command, Duration deadline);
}
