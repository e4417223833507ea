package io.registry.server.boot;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.Replication;
import io.registry.server.peer.PeerChannel;
import java.io.IOException;
import java.util.function.Consumer;
import org.springframework.context.SmartLifecycle;

/** Starts replication, on the port that other members connect to where there are any, and closes that when clients have gone. */
final class PeerLifecycle implements SmartLifecycle {

    /** After the core in starting, before it in stopping, and around every port that clients come to. */
    private static final int PHASE = CoreLifecycle.PHASE + 1;

    private final PeerChannel channel;
    private final Replication replication;
    private final boolean inCluster;
    private final Consumer<DistroMessage<ServiceKey, ClientData>> receiver;
    private final PeerCalls.Answers answers;
    private volatile boolean running;

    PeerLifecycle(
            PeerChannel channel,
            Replication replication,
            boolean inCluster,
            Consumer<DistroMessage<ServiceKey, ClientData>> receiver,
            PeerCalls.Answers answers) {
        this.channel = channel;
        this.replication = replication;
        this.inCluster = inCluster;
        this.receiver = receiver;
        this.answers = answers;
    }

    @Override
    public void start() {
        if (inCluster) {
            try {
                channel.start(receiver, answers);
            } catch (IOException e) {
                throw new RefusedStart(
                        "registry.grpc.cluster-port: cannot be opened: " + e.getMessage() + " (expected: a free port)");
            }
        }
        // Not before: from now on it counts how long others have not been heard.
        replication.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        channel.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
