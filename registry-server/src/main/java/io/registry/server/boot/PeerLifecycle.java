package io.registry.server.boot;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.Replication;
import io.registry.server.peer.PeerChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Starts replication, on the port that other members connect to where there are any, and closes that when clients have gone. */
final class PeerLifecycle implements SmartLifecycle {

    /** After the core in starting, before it in stopping, and around every port that clients come to. */
    private static final int PHASE = CoreLifecycle.PHASE + 1;

    /** The same but for the HTTP port, where members come in over that: it is open before, and closes afterwards. */
    private static final int PHASE_OVER_HTTP = SmartLifecycle.DEFAULT_PHASE - 2_047;

    /** How long other members are given to acknowledge the last changes: one message is sent again within this time. */
    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(4);

    private static final Logger LOG = LoggerFactory.getLogger(PeerLifecycle.class);

    private final PeerChannel channel;
    private final Replication replication;
    private final boolean inCluster;
    private final boolean overHttp;
    private final Consumer<DistroMessage<ServiceKey, ClientData>> receiver;
    private final PeerCalls.Answers answers;
    private volatile boolean running;

    PeerLifecycle(
            PeerChannel channel,
            Replication replication,
            boolean inCluster,
            boolean overHttp,
            Consumer<DistroMessage<ServiceKey, ClientData>> receiver,
            PeerCalls.Answers answers) {
        this.channel = channel;
        this.replication = replication;
        this.inCluster = inCluster;
        this.overHttp = overHttp;
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
        if (!overHttp) {
            awaitAcknowledged();
        }
        channel.stop();
    }

    /** Waits for a while until the other members have acknowledged everything. What they say has to come in meanwhile. */
    void awaitAcknowledged() {
        if (inCluster && !replication.awaitAcknowledged(ACKNOWLEDGED_WITHIN)) {
            LOG.warn(
                    "stopping although other members have not acknowledged all changes: they ask for them at the return");
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return overHttp ? PHASE_OVER_HTTP : PHASE;
    }
}
