package io.registry.server.raft;

import io.registry.server.core.cluster.ClusterChanges;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.raft.peer.PeerServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member of a group has beside its log.
 *
 * @param group asks the others
 * @param forwarding brings proposals to the leader
 * @param joining looks whether this node is a member
 * @param changes brings changes of the members to the leader
 * @param port answers the others
 * @param listen where that port is opened
 */
record GroupParts(
        Group group,
        Forwarding forwarding,
        Joining joining,
        ClusterChanges changes,
        PeerServer port,
        InetSocketAddress listen)
        implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupParts.class);

    /** Makes the parts, with no port open; null for a node that stands alone. */
    static @Nullable GroupParts of(
            RaftConfig config,
            GroupMembership membership,
            Forwarding.Log log,
            RegistryLoop loop,
            ExecutorService threads)
            throws IOException {
        GroupConfig several = config.group();
        if (several == null) {
            return null;
        }
        Group group = new Group(config, several, membership);
        GroupChanges changes = new GroupChanges(group);
        return new GroupParts(
                group,
                new Forwarding(group, log, loop, threads),
                new Joining(config.self(), group, membership, changes),
                new ForwardedChanges(group, changes, log::member, loop, threads),
                new PeerServer(
                        several.secret(),
                        several.tls(),
                        new GroupAnswers(config.self(), group, membership, changes, log::member),
                        threads),
                several.listen());
    }

    /**
     * Refuses a directory that belongs to a node of the other kind.
     *
     * @throws UnusableLogException where it does
     */
    static void checkDirectory(RaftConfig config) throws IOException {
        boolean formed = !new MembersFile(config).read().members().isEmpty();
        boolean log = Files.exists(RaftMember.directory(config));
        if (config.group() == null && formed) {
            throw new UnusableLogException("registry.cluster.members: not set, and " + config.directory()
                    + " belongs to a member of a cluster (expected: the members, or another registry.data-dir)");
        }
        if (config.group() != null && !formed && log) {
            throw new UnusableLogException("registry.cluster.members: set, and " + config.directory()
                    + " belongs to a node that stands alone (expected: another registry.data-dir)");
        }
        if (formed && !log) {
            LOG.warn("no log yet, although the group is known: directory={}", config.directory());
        }
    }

    void open() throws IOException {
        try {
            port.open(listen);
        } catch (IOException e) {
            throw new UnusableLogException("registry.raft.port: " + listen.getPort() + " cannot be opened: "
                    + e.getMessage() + " (expected: a free port)");
        }
    }

    @Override
    public void close() throws IOException {
        port.close();
        group.close();
    }
}
