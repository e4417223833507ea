package io.registry.server.core.event;

import io.registry.distro.port.DistroTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line, with its cause, for each instance that comes or goes, and for each loss that is held or let go.
 *
 * <p>Lines are written a moment later by another thread, so that no registration waits for the log. When more instances
 * move within that moment than it keeps, the others are counted, and one line says how many they were: the log is
 * bounded whatever clients do.
 *
 * <p><b>Threading</b>: on the loop, except for the writing.
 */
public final class InstanceJournal implements Consumer<RegistryEvent> {

    private static final Duration MOMENT = Duration.ofMillis(200);

    /** How many lines one moment may have: 1,000 a second are as many as anybody reads. */
    private static final int LINES_MAX = 200;

    private static final Logger LOG = LoggerFactory.getLogger(InstanceJournal.class);

    private final DistroTimer timer;
    private final Consumer<Runnable> writer;
    private List<RegistryEvent.InstanceMoved> lines = new ArrayList<>();
    private List<RegistryEvent> losses = new ArrayList<>();
    private int more;
    private boolean armed;

    /**
     * Makes a journal.
     *
     * @param writer runs what writes the lines, on a thread that may block
     */
    public InstanceJournal(DistroTimer timer, Consumer<Runnable> writer) {
        this.timer = timer;
        this.writer = writer;
    }

    @Override
    public void accept(RegistryEvent event) {
        if (event instanceof RegistryEvent.InstanceMoved moved) {
            if (lines.size() < LINES_MAX) {
                lines.add(moved);
            } else {
                more++;
            }
        } else if (event instanceof RegistryEvent.LossHeld || event instanceof RegistryEvent.LossLetGo) {
            // Beside the lines of instances, which a great loss has many of.
            if (losses.size() < LINES_MAX) {
                losses.add(event);
            } else {
                more++;
            }
        } else {
            return;
        }
        if (!armed) {
            armed = true;
            timer.after(MOMENT, this::flush);
        }
    }

    private void flush() {
        armed = false;
        List<RegistryEvent.InstanceMoved> written = lines;
        List<RegistryEvent> writtenLosses = losses;
        int counted = more;
        lines = new ArrayList<>();
        losses = new ArrayList<>();
        more = 0;
        writer.accept(() -> {
            write(written, counted);
            writtenLosses.forEach(InstanceJournal::write);
        });
    }

    private static void write(RegistryEvent loss) {
        if (loss instanceof RegistryEvent.LossHeld held) {
            LOG.warn(
                    "loss held, what was lost is shown until it is back or time is over: service={} lost={} living={}"
                            + " addresses={} cause={}",
                    held.service(),
                    held.lost(),
                    held.living(),
                    held.addresses(),
                    held.cause());
        } else if (loss instanceof RegistryEvent.LossLetGo over) {
            LOG.info(
                    "loss held no longer: service={} gone={} cause={}",
                    over.service(),
                    over.gone().size(),
                    over.why());
        }
    }

    private static void write(List<RegistryEvent.InstanceMoved> lines, int more) {
        for (RegistryEvent.InstanceMoved moved : lines) {
            LOG.info(
                    "instance {}: service={} instance={}:{} cluster={} client={} cause={}",
                    moved.came() ? "came" : "gone",
                    moved.service(),
                    moved.instance().ip(),
                    moved.instance().port(),
                    moved.instance().cluster(),
                    moved.source().client().value(),
                    moved.source().cause());
        }
        if (more > 0) {
            LOG.info("instances came or went: {} more within {} ms", more, MOMENT.toMillis());
        }
    }
}
