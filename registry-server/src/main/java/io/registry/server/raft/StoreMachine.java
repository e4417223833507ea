package io.registry.server.raft;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.encoding.CommandCodec;
import io.registry.server.core.encoding.StateCodec;
import io.registry.server.core.encoding.UnknownFormException;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.PersistentChange;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.node.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what is committed. While the log is being loaded it builds the state up aside, and readers keep what they
 * have; {@link #publish} then puts it before them at once. From there on each command changes the shared store, and its
 * change reaches the listener in a turn of the loop.
 *
 * <p><b>Threading</b>: what Ratis calls, on its apply thread; {@link #publish} from any. The lock keeps a publication
 * from falling between a command and its change.
 */
final class StoreMachine extends BaseStateMachine {

    /** What a state machine tells its member. */
    interface Events {

        /** This member leads, and has applied all that was ever committed. */
        void leading();

        /** The group has found a leader: the id of a member. */
        void leader(String id);

        /** The log says who is a member from an index on. */
        void members(long index, List<ClusterMember> members);

        /** The log cannot be written any more. */
        void logFailed(Throwable cause);

        /** This server cannot go on with what the log holds. */
        void unusable(String why);
    }

    private static final Logger LOG = LoggerFactory.getLogger(StoreMachine.class);

    private final PersistentStore shared;
    private final RegistryLoop loop;
    private final Consumer<PersistentChange> listener;
    private final Events events;
    private final DiskReserve disk;
    private final SimpleStateMachineStorage files = new SimpleStateMachineStorage();
    private final ReentrantLock applying = new ReentrantLock();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private volatile PersistentStore target = new PersistentStore();

    /** Whether this member has all that was committed before it opened its log: what follows is new. With the lock. */
    private boolean caughtUp;

    /** Whether an entry was not understood: none that follows is applied, shown, or passed over by a snapshot. */
    private volatile boolean halted;

    /** Who waits until an index is applied. */
    private record Waiter(long index, CompletableFuture<@Nullable Void> told) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            return Long.compare(index, other.index);
        }
    }

    StoreMachine(
            PersistentStore shared,
            RegistryLoop loop,
            Consumer<PersistentChange> listener,
            Events events,
            DiskReserve disk) {
        this.shared = shared;
        this.loop = loop;
        this.listener = listener;
        this.events = events;
        this.disk = disk;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            files.init(storage);
                            load();
                        },
                        IOException.class);
    }

    /** Ratis has put a snapshot of the leader among ours, and goes on from there. */
    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        files.loadLatestSnapshot();
        load();
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    private void load() throws IOException {
        SingleFileSnapshotInfo snapshot = files.getLatestSnapshot();
        if (snapshot == null) {
            return;
        }
        Path file = snapshot.getFile().getPath();
        PersistentState state;
        try (InputStream in = Files.newInputStream(file)) {
            state = StateCodec.read(in);
        } catch (IOException | UnknownFormException e) {
            throw new UnusableLogException("the snapshot cannot be read: " + file + ": " + e.getMessage()
                    + "; restore the data directory from a backup, or, in a cluster, let this member join again"
                    + " without it");
        }
        applying.lock();
        try {
            deliver(target.restore(state));
            setLastAppliedTermIndex(snapshot.getTermIndex());
            tellWaiters();
        } finally {
            applying.unlock();
        }
    }

    /**
     * Puts the state before the readers: all that was loaded is there. The second time it can only become whole.
     *
     * @param whole whether that is all that was ever committed; else what follows may be as old
     */
    void publish(boolean whole) {
        applying.lock();
        try {
            caughtUp |= whole;
            if (target != shared && !halted) {
                List<PersistentChange> changes = shared.restore(target.state());
                target = shared;
                deliver(changes);
            }
        } finally {
            applying.unlock();
        }
    }

    private void deliver(List<PersistentChange> changes) {
        if (target == shared && !changes.isEmpty()) {
            loop.post(() -> changes.forEach(listener));
        }
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        CompletableFuture<Message> seen = new CompletableFuture<>();
        if (halted) {
            seen.completeExceptionally(new IllegalStateException("an entry before this one is not understood"));
            return seen;
        }
        PersistentCommand command;
        try {
            command = command(entry);
        } catch (UnknownFormException e) {
            // Not thrown: Ratis would try for ever to apply what was committed before it stops.
            seen.completeExceptionally(e);
            return seen;
        }
        applying.lock();
        try {
            PersistentChange applied = target.apply(command);
            PersistentChange change = caughtUp ? applied : applied.asRestored();
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            if (target != shared) {
                seen.complete(Message.EMPTY);
                tellWaiters();
                return seen;
            }
            loop.post(() -> {
                listener.accept(change);
                // After what this turn brings about has been told as well.
                loop.post(() -> seen.complete(Message.EMPTY));
            });
            tellWaiters();
        } finally {
            applying.unlock();
        }
        return seen;
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        if (halted) {
            return;
        }
        applying.lock();
        try {
            super.notifyTermIndexUpdated(term, index);
            tellWaiters();
        } finally {
            applying.unlock();
        }
    }

    /** Completes, in a turn of the loop, when an index is applied and its change has reached the listener. */
    CompletableFuture<@Nullable Void> applied(long index) {
        CompletableFuture<@Nullable Void> told = new CompletableFuture<>();
        applying.lock();
        try {
            waiters.add(new Waiter(index, told));
            tellWaiters();
        } finally {
            applying.unlock();
        }
        return told;
    }

    /** With the lock. */
    private void tellWaiters() {
        long applied = getLastAppliedTermIndex().getIndex();
        for (Waiter next = waiters.peek(); next != null && next.index <= applied; next = waiters.peek()) {
            CompletableFuture<@Nullable Void> told = next.told;
            waiters.poll();
            loop.post(() -> told.complete(null));
        }
    }

    private PersistentCommand command(LogEntryProto entry) {
        try {
            return CommandCodec.decode(
                    entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
        } catch (UnknownFormException e) {
            halted = true;
            events.unusable("entry " + entry.getIndex() + " of the log is not understood: " + e.getMessage()
                    + "; start a server of the version that has written it");
            throw e;
        }
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId self, RaftPeerId leader) {
        events.leader(leader.toString());
    }

    @Override
    public void notifyLeaderReady() {
        events.leading();
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        if (configuration.getOldPeersCount() > 0) {
            // A step of a change that is not complete, and may still come to nothing.
            return;
        }
        events.members(
                index,
                configuration.getPeersList().stream()
                        .map(peer -> new ClusterMember(
                                new NodeId(peer.getId().toStringUtf8()),
                                peer.getClientAddress(),
                                peer.getAdminAddress(),
                                peer.getAddress()))
                        .toList());
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        events.logFailed(cause);
    }

    @Override
    public long takeSnapshot() {
        TermIndex at = getLastAppliedTermIndex();
        if (halted || !disk.hasRoom()) {
            // The log stays as it is; tried again with the next entries.
            return RaftLog.INVALID_LOG_INDEX;
        }
        PersistentState state = target.state();
        Path file = files.getSnapshotFile(at.getTerm(), at.getIndex()).toPath();
        try {
            AtomicFile.write(file, out -> StateCodec.write(state, out));
            MD5Hash sum = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
            files.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, sum), at));
            return at.getIndex();
        } catch (IOException | RuntimeException e) {
            LOG.warn("snapshot not written, the log is kept; tried again: file={} cause={}", file, e.toString());
            return RaftLog.INVALID_LOG_INDEX;
        }
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return files;
    }
}
