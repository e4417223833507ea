package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.backup.BackupFile;
import io.registry.server.backup.Origin;
import io.registry.server.backup.Restore;
import io.registry.server.backup.Tally;
import io.registry.server.backup.UnusableBackupException;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.HttpErrors;
import io.registry.server.http.Routes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives out all persistent state as one file, and takes it back where there is none. One call at a time, so that it holds
 * one thread at most; what comes in goes to a file of its own first.
 */
public final class BackupRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(BackupRoutes.class);
    private static final String RESTORE = "/v3/admin/core/ops/restore";

    /** How long a file may be on its way. */
    private static final Duration TRANSFER_MAX = Duration.ofMinutes(10);

    /** The caller may have read the end of an answer, and call again, before the thread that gave it has let go. */
    private static final Duration TURN_WITHIN = Duration.ofMillis(500);

    private static final int CHUNK = 1 << 16;

    private final PersistentStore store;
    private final Restore restore;
    private final Readiness readiness;
    private final Source source;
    private final LongSupplier nanos;
    private final Place place;

    /** The one call that may be under way. */
    private final Semaphore turn = new Semaphore(1);

    /**
     * Says where a backup that is made now comes from.
     *
     * <p><b>Threading</b>: any.
     */
    @FunctionalInterface
    public interface Source {
        /** Returns the origin, with the present time. */
        Origin now();
    }

    /**
     * Where a file stays while it is restored.
     *
     * @param directory the directory
     * @param reserveBytes how much room its disk has to have left
     * @param fileBytesMax the longest file that is taken
     */
    public record Place(Path directory, long reserveBytes, long fileBytesMax) {}

    /**
     * Makes the handlers.
     *
     * @param nanos a monotonic clock
     */
    public BackupRoutes(
            PersistentStore store,
            Restore restore,
            Readiness readiness,
            Source source,
            LongSupplier nanos,
            Place place) {
        this.store = store;
        this.restore = restore;
        this.readiness = readiness;
        this.source = source;
        this.nanos = nanos;
        this.place = place;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.stream("GET", "/v3/admin/core/ops/backup", Access.ADMINISTER, Dialect.ENVELOPE, (request, response) -> {
            return alone(() -> give(response));
        });
        routes.stream(
                "POST",
                RESTORE,
                Access.ADMINISTER,
                Dialect.ENVELOPE,
                (request, response) -> alone(() -> take(request)));
        routes.add("GET", RESTORE, Access.ADMINISTER, Dialect.ENVELOPE, call -> {
            Restore.Progress progress = restore.progress();
            return Envelope.success(new Utf8Json(64)
                    .beginObject()
                    .field("done", progress.done())
                    .field("total", progress.total())
                    .endObject());
        });
    }

    private interface Step {
        @Nullable
        Answer run() throws IOException;
    }

    private @Nullable Answer alone(Step step) throws IOException {
        if (!readiness.isServing()) {
            throw new RegistryException(ErrorCode.NOT_READY, "server is not ready, please try again later!");
        }
        if (!awaitTurn()) {
            throw new RegistryException(
                    ErrorCode.OVERLOADED, "a backup or a restore is under way (expected: one at a time)");
        }
        try {
            return step.run();
        } finally {
            turn.release();
        }
    }

    private boolean awaitTurn() {
        try {
            return turn.tryAcquire(TURN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private @Nullable Answer give(HttpServletResponse response) throws IOException {
        PersistentState state = store.state();
        Origin origin = source.now();
        response.setStatus(200);
        response.setContentType("application/octet-stream");
        response.setHeader(
                "Content-Disposition", "attachment; filename=\"registry-" + origin.madeMillis() + ".backup\"");
        long stateBytes = BackupFile.stateBytes(state);
        response.setContentLengthLong(BackupFile.length(origin, stateBytes));
        BackupFile.write(origin, state, stateBytes, new Timely(response.getOutputStream(), deadline()));
        LOG.info("backup given out: services={}", state.services().size());
        return null;
    }

    private @Nullable Answer take(HttpServletRequest request) throws IOException {
        restore.begin();
        long length = request.getContentLengthLong();
        if (length < 0) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER, "Content-Length: missing (expected: the bytes of the backup)");
        }
        if (length > place.fileBytesMax()) {
            return HttpErrors.answer(
                    Dialect.ENVELOPE,
                    413,
                    ErrorCode.INVALID_PARAMETER,
                    "backup: " + length + " bytes (expected: at most " + place.fileBytesMax()
                            + ", a quarter of the heap: no more can be served)");
        }
        long room = Files.getFileStore(place.directory()).getUsableSpace();
        if (room < length + place.reserveBytes()) {
            throw new RegistryException(
                    ErrorCode.STORAGE,
                    "bytes left on the disk: " + room + " (expected: " + length + " and a reserve of "
                            + place.reserveBytes() + ")");
        }
        Path file = place.directory().resolve("restore.tmp");
        try {
            receive(request.getInputStream(), length, file);
            BackupFile backup = BackupFile.check(file, "backup");
            LOG.info("restore begins: changes={} from={}", backup.tally().changes(), backup.origin());
            restore.run(backup);
            LOG.info("restore is complete: changes={}", backup.tally().changes());
            return Envelope.success(shown(backup));
        } catch (UnusableBackupException e) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, String.valueOf(e.getMessage()));
        } catch (SocketTimeoutException e) {
            return HttpErrors.answer(Dialect.ENVELOPE, 408, ErrorCode.INVALID_PARAMETER, "body did not arrive in time");
        } catch (RegistryException e) {
            LOG.warn("restore refused or unfinished: {}", e.getMessage());
            if (e.code() == ErrorCode.ILLEGAL_STATE) {
                return HttpErrors.answer(Dialect.ENVELOPE, 409, e.code(), e.getMessage());
            }
            throw e;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void receive(InputStream in, long length, Path file) throws IOException {
        long deadline = deadline();
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] chunk = new byte[CHUNK];
            long left = length;
            while (left > 0) {
                int count = in.read(chunk, 0, (int) Math.min(left, CHUNK));
                if (count < 0) {
                    break;
                }
                if (nanos.getAsLong() - deadline > 0) {
                    throw new SocketTimeoutException("restore: not here after " + TRANSFER_MAX);
                }
                out.write(chunk, 0, count);
                left -= count;
            }
        }
    }

    private long deadline() {
        return nanos.getAsLong() + TRANSFER_MAX.toNanos();
    }

    private static Utf8Json shown(BackupFile backup) {
        Tally tally = backup.tally();
        return new Utf8Json(256)
                .beginObject()
                .field("changes", tally.changes())
                .field("services", tally.services())
                .field("instances", tally.instances())
                .field("overrides", tally.overrides())
                .field("namespaces", tally.namespaces())
                .field("switches", tally.switches())
                .field("users", tally.users())
                .field("checksum", backup.checksum())
                .endObject();
    }

    /** Gives up a caller that takes too long over its file. */
    private final class Timely extends FilterOutputStream {

        private final long deadline;

        Timely(OutputStream out, long deadline) {
            super(out);
            this.deadline = deadline;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (nanos.getAsLong() - deadline > 0) {
                throw new InterruptedIOException("backup: not taken after " + TRANSFER_MAX);
            }
            out.write(bytes, offset, length);
        }
    }
}
