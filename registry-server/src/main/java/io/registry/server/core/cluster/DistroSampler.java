package io.registry.server.core.cluster;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.DistroStatus;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.loop.RegistryLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes pictures of replication: for whoever asks, and for those who ask so often, figure by figure, that one picture a
 * second has to do for all of them.
 *
 * <p><b>Threading</b>: from any thread; pictures are taken on the loop.
 */
public final class DistroSampler {

    /** How old a picture may become before another is taken for those who do not wait. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final RegistryLoop loop;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final DistroClock clock;

    /** Whether a picture is being taken, so that no more than one waits for the loop. */
    private final AtomicBoolean taking = new AtomicBoolean();

    private volatile @Nullable Picture last;

    private record Picture(DistroStatus status, long atMillis) {}

    /** Makes a sampler that has no picture yet. */
    public DistroSampler(RegistryLoop loop, DistroProtocol<ServiceKey, ClientData> distro, DistroClock clock) {
        this.loop = loop;
        this.distro = distro;
        this.clock = clock;
    }

    /** Returns a picture of now; or failed with {@code OVERLOADED}, where too much waits for the loop. */
    public CompletableFuture<DistroStatus> now() {
        return loop.call(distro::status);
    }

    /**
     * Returns the latest picture without waiting, and has the next one taken where it is older than a second.
     *
     * @return null where there is none yet
     */
    public @Nullable DistroStatus latest() {
        Picture known = last;
        if ((known == null || clock.monotonicMillis() - known.atMillis() >= EVERY.toMillis())
                && taking.compareAndSet(false, true)) {
            loop.post(this::take);
            known = last;
        }
        return known == null ? null : known.status();
    }

    private void take() {
        try {
            last = new Picture(distro.status(), clock.monotonicMillis());
        } finally {
            taking.set(false);
        }
    }
}
