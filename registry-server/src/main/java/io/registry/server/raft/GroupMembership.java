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

    /** The members, and where in the log they were committed: 0 for those that the group was founded with. */
    record Known(long index, List<ClusterMember> members) {

        static final Known NOTHING = new Known(-1, List.of());

        Known {
            members = members.stream()
                    .sorted(Comparator.comparing(ClusterMember::id))
                    .toList();
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
        this.known = file == null ? new Known(0, List.of(config.self())) : file.read();
    }

    Known known() {
        return known;
    }

    /**
     * Takes note of who is a member.
     *
     * @throws IOException where it could not be written; it counts nevertheless
     */
    void learn(Known news) throws IOException {
        lock.lock();
        try {
            if (file == null || news.index() <= known.index()) {
                return;
            }
            boolean changed = !news.members().equals(known.members());
            known = news;
            if (changed) {
                loop.post(() -> listeners.forEach(listener -> listener.membersChanged(news.members())));
            }
            file.write(news);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #learn}, where a file that cannot be written must not stop anything. */
    void learnAnyway(Known news) {
        try {
            learn(news);
        } catch (IOException e) {
            LOG.warn("the list of members was not written: file={} cause={}", file, e.toString());
        }
    }

    void leads(NodeId member) {
        leader = member;
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
