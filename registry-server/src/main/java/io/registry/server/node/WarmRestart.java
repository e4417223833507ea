package io.registry.server.node;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.Kept;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.loop.RegistryLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ephemeral records on disk, so that a node that is restarted shows its consumers no empty list while clients
 * come back: what it finds at its start it holds as orphans, for one owner lease from their first load, however often
 * it is restarted meanwhile.
 *
 * <p><b>Threading</b>: {@link #load} before the node serves; the rest on the loop, and writing on its own thread.
 */
public final class WarmRestart implements Consumer<RegistryEvent> {

    private static final String FILE = "ephemeral.snapshot";

    private static final Logger LOG = LoggerFactory.getLogger(WarmRestart.class);

    private final Path file;
    private final Duration interval;
    private final Duration lease;
    private final RegistryLoop loop;
    private final DistroClock clock;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final Executor writer;
    private boolean armed;

    /**
     * Makes the keeper of a data directory.
     *
     * @param interval how long changes gather before they are written
     * @param lease how long what was found is held
     * @param writer writes, one snapshot after another, on a thread that may block
     */
    public WarmRestart(
            Path directory,
            Duration interval,
            Duration lease,
            RegistryLoop loop,
            DistroClock clock,
            DistroProtocol<ServiceKey, ClientData> distro,
            Executor writer) {
        this.file = directory.resolve(FILE);
        this.interval = interval;
        this.lease = lease;
        this.loop = loop;
        this.clock = clock;
        this.distro = distro;
        this.writer = writer;
    }

    /** Returns what was kept; a file that is damaged is set aside, one that is too old is passed over. */
    public Collection<Kept<ClientData>> load() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        SnapshotCodec.Snapshot snapshot;
        try {
            snapshot = SnapshotCodec.decode(Files.readAllBytes(file));
        } catch (IOException | RuntimeException e) {
            Path aside = file.resolveSibling(FILE + ".damaged");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn("snapshot damaged, set aside; starting without it: file={} cause={}", aside, e.getMessage());
            return List.of();
        }
        long now = clock.wallMillis();
        long age = now - snapshot.writtenMillis();
        if (age > lease.toMillis()) {
            LOG.info("snapshot too old, passed over: age={}ms (expected: at most {})", age, lease);
            return List.of();
        }
        LOG.info(
                "snapshot loaded: clients={} age={}ms; held for {} unless they come back or another node knows better",
                snapshot.records().size(),
                age,
                lease);
        return snapshot.records();
    }

    @Override
    public void accept(RegistryEvent event) {
        if (!armed && event instanceof RegistryEvent.ServiceChanged) {
            armed = true;
            loop.after(interval, () -> {
                armed = false;
                List<Kept<ClientData>> records = picture();
                writer.execute(() -> write(records));
            });
        }
    }

    /** Writes what there is now; returns when it is on disk. Called once, at the stop. */
    public void writeNow() {
        List<Kept<ClientData>> records = loop.call(this::picture).join();
        CompletableFuture.runAsync(() -> write(records), writer).join();
    }

    private List<Kept<ClientData>> picture() {
        List<Kept<ClientData>> records = new ArrayList<>();
        distro.forEachRecord(held -> {
            if (held.data() != null) {
                // What was restored and has not come back keeps what is left of its first lease, so that a node which
                // keeps crashing does not keep the dead for ever. What is being drained is as good as alive.
                Duration left = distro.restoredLeaseLeft(held.client());
                records.add(new Kept<>(held, left == null ? lease : left));
            }
        });
        return records;
    }

    private void write(List<Kept<ClientData>> records) {
        try {
            AtomicFile.write(file, SnapshotCodec.encode(clock.wallMillis(), records));
        } catch (IOException e) {
            LOG.warn("snapshot not written; the next one is tried in {}: cause={}", interval, e.toString());
        }
    }
}
