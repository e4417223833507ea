package io.registry.server.raft;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.encoding.CommandCodec;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.PersistentChange;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log on Apache Ratis. An answer waits until its entry is on disk, applied here, and visible to readers.
 *
 * <p>A disk that is full or fails ends the life of the log in this process, not the process: writes are refused, reads
 * go on from what was applied, and the log is opened again until that succeeds.
 *
 * <p><b>Threading</b>: {@link #propose} from any thread; opening and closing on the executor that may block.
 */
public final class RaftLog implements PersistentLog {

    private static final Logger LOG = LoggerFactory.getLogger(RaftLog.class);

    /** How long after a failure the log is opened again. */
    private static final Duration REOPEN_DELAY = Duration.ofSeconds(2);

    private final RaftConfig config;
    private final RegistryLoop loop;
    private final PersistentStore store;
    private final Consumer<PersistentChange> listener;
    private final Executor blocking;
    private final Consumer<String> unusable;
    private final DiskReserve disk;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    /** Null while the log is not open. */
    private volatile @Nullable RaftMember member;

    private volatile boolean closed;

    /**
     * Makes a log; {@link #start} opens it.
     *
     * @param listener told of each change, in a turn of the loop
     * @param blocking runs what opens and closes files, one after another
     * @param unusable told, once the log was ready, why this server must not go on with it
     */
    public RaftLog(
            RaftConfig config,
            RegistryLoop loop,
            PersistentStore store,
            Consumer<PersistentChange> listener,
            Executor blocking,
            Consumer<String> unusable) {
        this.config = config;
        this.loop = loop;
        this.store = store;
        this.listener = listener;
        this.blocking = blocking;
        this.unusable = unusable;
        this.disk = new DiskReserve(config.directory(), config.diskReserve());
    }

    @Override
    public CompletableFuture<Void> start() {
        blocking.execute(() -> {
            try {
                Files.createDirectories(config.directory());
                open();
            } catch (IOException | RuntimeException e) {
                ready.completeExceptionally(cause(e));
            }
        });
        return ready;
    }

    private void open() throws IOException {
        Life life = new Life();
        RaftMember opened = RaftMember.open(config, life.machine);
        member = opened;
        life.member = opened;
        if (closed) {
            opened.close();
        } else if (life.failed) {
            member = null;
            reopenLater(opened);
        }
    }

    /** One life of the log, from its opening to its failure. */
    private final class Life implements StoreMachine.Events {

        private final StoreMachine machine = new StoreMachine(store, loop, listener, this, disk);
        private volatile @Nullable RaftMember member;
        private volatile boolean failed;

        @Override
        public void leading() {
            machine.publish();
            // In a turn, so that whoever waits for the log finds the index as the log has it.
            loop.post(() -> ready.complete(null));
        }

        @Override
        public void logFailed(Throwable cause) {
            if (failed || closed) {
                return;
            }
            failed = true;
            LOG.error(
                    "the log cannot be written; persistent writes are refused until it can, all else goes on: cause={}",
                    cause.toString());
            RaftMember over = member;
            if (over != null) {
                RaftLog.this.member = null;
                reopenLater(over);
            }
        }

        @Override
        public void unusable(String why) {
            if (!ready.completeExceptionally(new UnusableLogException(why))) {
                unusable.accept(why);
            }
        }
    }

    private void reopenLater(@Nullable RaftMember over) {
        var unused = loop.after(REOPEN_DELAY, () -> blocking.execute(() -> reopen(over)));
    }

    private void reopen(@Nullable RaftMember over) {
        if (closed) {
            return;
        }
        try {
            if (over != null) {
                over.close();
            }
            if (!disk.hasRoom()) {
                reopenLater(null);
                return;
            }
            open();
            LOG.info("the log is open again; persistent writes are taken");
        } catch (UnusableLogException e) {
            unusable.accept(e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.warn("the log cannot be opened yet, tried again in {}: cause={}", REOPEN_DELAY, e.toString());
            reopenLater(null);
        }
    }

    @Override
    public CompletionStage<@Nullable Void> propose(PersistentCommand command) {
        byte[] entry = CommandCodec.encode(command);
        if (entry.length > RaftSettings.COMMAND_BYTES_MAX) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "bytes of one change: " + entry.length + " (expected: at most " + RaftSettings.COMMAND_BYTES_MAX
                            + ")");
        }
        if (!disk.hasRoom()) {
            throw new RegistryException(ErrorCode.STORAGE, disk.refusal());
        }
        RaftMember open = member;
        if (open == null) {
            throw new RegistryException(
                    ErrorCode.STORAGE, "the log of this node cannot be written at the moment; try again later");
        }
        try {
            return open.submit(entry).handle(RaftLog::answer);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(refusal(e));
        }
    }

    /** Returns the present life of the log. */
    RaftMember member() {
        RaftMember open = member;
        if (open == null) {
            throw new IllegalStateException("the log is not open");
        }
        return open;
    }

    private static @Nullable Void answer(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (reply != null && reply.isSuccess()) {
            return null;
        }
        Throwable cause = reply == null ? failure : reply.getException();
        throw refusal(cause == null ? new IOException("no answer") : cause);
    }

    private static RegistryException refusal(Throwable failure) {
        Throwable cause = cause(failure);
        LOG.debug("a proposal failed", cause);
        if (cause instanceof NotLeaderException || cause instanceof LeaderNotReadyException) {
            return new RegistryException(ErrorCode.NO_LEADER, "the log has no leader at the moment; try again later");
        }
        if (cause instanceof ResourceUnavailableException) {
            return new RegistryException(
                    ErrorCode.OVERLOADED, "too many changes wait for the log (expected: fewer; try again later)");
        }
        return new RegistryException(
                ErrorCode.STORAGE,
                "the log could not keep the change, which may still come about: " + cause.getMessage());
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof UnusableLogException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    @Override
    public String describe() {
        return "one member, in " + config.directory();
    }

    @Override
    public void close() {
        closed = true;
        RaftMember open = member;
        member = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("the log was not closed: cause={}", e.toString());
            }
        }
    }
}
