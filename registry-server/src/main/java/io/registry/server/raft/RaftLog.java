package io.registry.server.raft;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterChanges;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.encoding.CommandCodec;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.PersistentChange;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log on Apache Ratis, of one member or of a group. An answer waits until its entry is on disk, on a majority of the
 * members, applied here, and visible to readers.
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

    /** The pause between two looks at a group that is not complete. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** The pause between two looks at whether this node is still a member. */
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    /** A member of a group whose majority is away serves what it has after this time. */
    private static final Duration LOAD_PATIENCE = Duration.ofSeconds(30);

    private final RaftConfig config;
    private final RegistryLoop loop;
    private final PersistentStore store;
    private final Consumer<PersistentChange> listener;
    private final ExecutorService blocking;
    private final Consumer<String> unusable;
    private final DiskReserve disk;
    private final GroupMembership membership;
    private final @Nullable GroupParts group;
    private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();

    /** Null while the log is not open. */
    private volatile @Nullable Life life;

    private volatile boolean closed;

    /**
     * Makes a log; {@link #start} opens it.
     *
     * @param listener told of each change, in a turn of the loop
     * @param blocking runs what opens and closes files, one after another
     * @param peers runs what waits for other members
     * @param unusable told, once the log was ready, why this server must not go on with it
     */
    public RaftLog(
            RaftConfig config,
            RegistryLoop loop,
            PersistentStore store,
            Consumer<PersistentChange> listener,
            ExecutorService blocking,
            ExecutorService peers,
            Consumer<String> unusable)
            throws IOException {
        this.config = config;
        this.loop = loop;
        this.store = store;
        this.listener = listener;
        this.blocking = blocking;
        this.unusable = unusable;
        this.disk = new DiskReserve(config.directory(), config.diskReserve());
        this.membership = new GroupMembership(config, loop);
        this.group = GroupParts.of(config, membership, new Here(), loop, peers);
    }

    @Override
    public CompletableFuture<@Nullable Void> start() {
        blocking.execute(() -> attempt(() -> {
            Files.createDirectories(config.directory());
            GroupParts.checkDirectory(config);
            if (group == null) {
                open(membership.members());
                return;
            }
            group.open();
            if (membership.left()) {
                sayLeft();
                return;
            }
            var unused = loop.after(LOAD_PATIENCE, this::serveWhatThereIs);
            form(group.group());
        }));
        return ready;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            Throwable cause = Refusal.root(e);
            if (!ready.completeExceptionally(cause)) {
                unusable.accept(String.valueOf(cause.getMessage()));
            }
        }
    }

    private void form(Group several) throws IOException {
        if (closed) {
            return;
        }
        Optional<List<ClusterMember>> members = several.form();
        if (members.isPresent()) {
            open(members.get());
        } else {
            later(LOOK_AGAIN, () -> form(several));
        }
    }

    private void later(Duration delay, Step step) {
        var unused = loop.after(delay, () -> {
            if (!closed) {
                blocking.execute(() -> attempt(step));
            }
        });
    }

    private void open(List<ClusterMember> members) throws IOException {
        Life opening = new Life();
        GroupTransport transport = group == null
                ? null
                : new GroupTransport(
                        group.group().clients,
                        PeerClients.socketAddress(config.self().raft()));
        if (transport != null) {
            transport.addMembers(members);
        }
        RaftMember opened = RaftMember.open(config, opening.machine, members, transport);
        opening.member = opened;
        life = opening;
        if (closed) {
            opened.close();
        } else if (opening.failed) {
            life = null;
            reopenLater(opened);
        } else if (group != null) {
            watch(group.joining(), opening, opened);
        }
    }

    /** Until this life of the log is over: whether this node is a member, and up to date. */
    private void watch(Joining several, Life opened, RaftMember member) throws IOException {
        if (life != opened) {
            return;
        }
        LongConsumer behind = opened.asked ? null : opened::publishAt;
        switch (several.look(member, behind)) {
            case BEHIND -> later(LOOK_AGAIN, () -> watch(several, opened, member));
            case AMONG -> later(WATCH_INTERVAL, () -> watch(several, opened, member));
            case OVER -> {
                life = null;
                reopenLater(member);
            }
            case LEFT -> {
                life = null;
                member.close();
                sayLeft();
            }
        }
    }

    private void sayLeft() {
        LOG.warn(
                "this node is no longer a member of the cluster: it is not ready and does not vote; stop it, or start it with"
                        + " an empty data directory and add it again: members={}",
                membership.members());
    }

    private void serveWhatThereIs() {
        Life open = life;
        if (!ready.isDone() && membership.includesSelf()) {
            LOG.warn(
                    "no majority of the members answers; serving what this member has: persistent instances may be out of"
                            + " date, and persistent writes are refused until it does");
            if (open != null) {
                open.machine.publish(false);
            }
            loop.post(() -> ready.complete(null));
        }
    }

    /** One life of the log, from its opening to its failure. */
    private final class Life implements StoreMachine.Events {

        private final StoreMachine machine = new StoreMachine(store, loop, listener, this, disk);
        private volatile @Nullable RaftMember member;
        private volatile boolean failed;
        private boolean asked;

        private void publishAt(long committed) {
            asked = true;
            var unused = machine.applied(committed).thenAccept(seen -> publish());
        }

        private void publish() {
            machine.publish(true);
            // In a turn, so that whoever waits for the log finds the index as the log has it.
            loop.post(() -> ready.complete(null));
        }

        @Override
        public void leading() {
            publish();
        }

        @Override
        public void leader(String id) {
            membership.leads(new NodeId(id));
            if (group != null) {
                LOG.info("the log has a leader: member={}{}", id, leads() ? " (this node)" : "");
            }
        }

        @Override
        public void members(long index, List<ClusterMember> members) {
            membership.learnAnyway(index, members);
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
                life = null;
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

    /** This node's log, as those who forward see it. */
    private final class Here implements Forwarding.Log {

        @Override
        public @Nullable RaftMember member() {
            return openMember();
        }

        @Override
        public CompletableFuture<@Nullable Void> visible(long index) {
            Life open = life;
            // Without a log nobody is told; the proposal's own time ends it.
            return open == null ? new CompletableFuture<>() : open.machine.applied(index);
        }
    }

    private @Nullable RaftMember openMember() {
        Life open = life;
        return open == null ? null : open.member;
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
            open(membership.members());
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
        if (membership.left()) {
            throw new RegistryException(ErrorCode.NOT_READY, "this node is no longer a member of the cluster");
        }
        if (!disk.hasRoom()) {
            throw new RegistryException(ErrorCode.STORAGE, disk.refusal());
        }
        if (group != null) {
            return group.forwarding().propose(entry);
        }
        RaftMember open = openMember();
        if (open == null) {
            throw new RegistryException(
                    ErrorCode.STORAGE, "the log of this node cannot be written at the moment; try again later");
        }
        try {
            return open.submit(entry).handle(Refusal::unlessDone);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(Refusal.of(e));
        }
    }

    /** Returns the present life of the log. */
    RaftMember member() {
        RaftMember open = openMember();
        if (open == null) {
            throw new IllegalStateException("the log is not open");
        }
        return open;
    }

    /** Returns who belongs to the cluster, as this log has committed it. */
    public Membership membership() {
        return membership;
    }

    /** Returns what changes who belongs to the cluster. */
    public ClusterChanges changes() {
        return group == null ? new NoChanges() : group.changes();
    }

    @Override
    public boolean leads() {
        return membership.leader().equals(Optional.of(membership.self()));
    }

    @Override
    public String describe() {
        String where = group == null
                ? "one member"
                : config.self().raft() + " among " + group.group().where();
        return where + ", in " + config.directory();
    }

    @Override
    public void close() {
        closed = true;
        RaftMember open = openMember();
        life = null;
        try {
            if (open != null) {
                open.close();
            }
            if (group != null) {
                group.close();
            }
        } catch (IOException e) {
            LOG.warn("the log was not closed: cause={}", e.toString());
        }
    }
}
