package io.registry.server.boot;

import io.registry.server.grpc.SdkServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/** Opens the port that SDKs connect to, and closes it when its clients have been told to move. */
final class GrpcLifecycle implements SmartLifecycle {

    /** How long clients are given to move: they connect elsewhere within a second, if there is another server. */
    static final Duration DRAIN_WITHIN = Duration.ofSeconds(2);

    /** After the HTTP port in starting, before it in stopping; {@link ServingLifecycle} is around both. */
    private static final int PHASE = Integer.MAX_VALUE - 1;

    private final SdkServer server;
    private final Duration patience;
    private volatile boolean running;

    GrpcLifecycle(SdkServer server, Duration patience) {
        this.server = server;
        this.patience = patience;
    }

    @Override
    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        server.stop(patience);
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
