package io.registry.server.raft;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.loop.RegistryLoop;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members as the log has committed them, kept in a file as well, for the time in which the log is not open. What is
 * older than what is known has no effect: a log that is opened tells of all changes once more.
 *
 * <p><b>Threading</b>: from any thread. The lock keeps changes, their file and what listeners are told in one order.
 */
final class GroupMembership implements Membership {

    /**
     * The members, as a node knows them.
     *
     * @param index where in the log they were committed: 0 for those that the group was founded with
     * @param members the members
     * @param left whether the node was one of them once, and is not any more
     */
    record Known(long index, List<ClusterMember> members, boolean left) {

        static final Known NOTHING = new Known(-1, List.of(), false);

        Known {
            members = members.stream()
                    .sorted(Comparator.comparing(ClusterMember::id))
                    .toList();
        }

        boolean has(NodeId id) {
            return members.stream().anyMatch(member -> member.id().equals(id));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupMembership.class);

    private final NodeId self;
    private final RegistryLoop loop;

    /** Null for a node that stands alone. */
    private final @Nullable MembersFile file;

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Known known;
    private volatile @Nullable NodeId leader;

    GroupMembership(RaftConfig config, RegistryLoop loop) throws IOException {
        this.self = config.self().id();
        this.loop = loop;
        boolean alone = config.group() == null;
        this.file = alone ? null : new MembersFile(config);
        this.known = file == null ? new Known(0, List.of(config.self()), false) : file.read();
    }

    Known known() {
        return known;
    }

    /**
     * Takes note of who is a member.
     *
     * @param index where in the log it was committed
     * @throws IOException where it could not be written; it counts nevertheless
     */
    void learn(long index, List<ClusterMember> members) throws IOException {
        lock.lock();
        try {
            if (file == null || index <= known.index()) {
                return;
            }
            Known before = known;
            Known news = new Known(index, members, false);
            if (!news.has(self) && (before.left() || before.has(self))) {
                news = new Known(index, members, true);
            }
            known = news;
            List<ClusterMember> all = news.members();
            if (!all.equals(before.members())) {
                loop.post(() -> listeners.forEach(listener -> listener.membersChanged(all)));
                if (before.index() > 0) {
                    LOG.info("the members have changed: members={}", all);
                }
            }
            file.write(news);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #learn}, where a file that cannot be written must not stop anything. */
    void learnAnyway(long index, List<ClusterMember> members) {
        try {
            learn(index, members);
        } catch (IOException e) {
            LOG.warn("the list of members was not written: file={} cause={}", file, e.toString());
        }
    }

    void leads(NodeId member) {
        leader = member;
    }

    /** Returns whether this node was a member once, and is not any more. */
    boolean left() {
        return known.left();
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public List<ClusterMember> members() {
        return known.members();
    }

    @Override
    public Optional<NodeId> leader() {
        return Optional.ofNullable(leader);
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }
}
