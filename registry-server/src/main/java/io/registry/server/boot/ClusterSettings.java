package io.registry.server.boot;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.lookup.ListedMembers;
import io.registry.server.raft.GroupConfig;
import io.registry.server.secret.PeerSecret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that a node belongs to.
 *
 * @param name its name, which its members share and its files bear
 * @param members the HTTP addresses of all members, {@code host:port}; none for a node that stands alone
 * @param advertise this node's own among them
 * @param secret what the members share; empty for a node that stands alone
 */
record ClusterSettings(String name, List<String> members, String advertise, String secret) {

    private static final int SECRET_LENGTH_MIN = 16;
    private static final int MEMBERS_MAX = 9;

    static ClusterSettings read(Settings settings, InetAddress address, int port) {
        String name = settings.text("registry.cluster.name", "registry");
        String list = settings.text("registry.cluster.members", "");
        String own = (address.getHostAddress().contains(":")
                        ? "[" + address.getHostAddress() + "]"
                        : address.getHostAddress())
                + ":" + port;
        String advertise = settings.text("registry.cluster.advertise", "");
        String secret = settings.text("registry.cluster.secret", "");
        if (name.isBlank()) {
            throw settings.refusal("registry.cluster.name", name, "a name");
        }
        if (list.isBlank()) {
            return new ClusterSettings(name, List.of(), own, secret);
        }
        ClusterSettings cluster =
                new ClusterSettings(name, split(settings, list), advertise.isEmpty() ? own : advertise, secret);
        cluster.check(settings, list);
        return cluster;
    }

    private static List<String> split(Settings settings, String list) {
        List<String> members = new ArrayList<>();
        for (String part : Arrays.asList(list.split(",", -1))) {
            String member = part.trim();
            if (!member.matches("[^:\\s]+:[1-9]\\d{0,4}|\\[[0-9a-fA-F:.]+]:[1-9]\\d{0,4}")) {
                throw settings.refusal("registry.cluster.members", list, "host:port,host:port,... without gaps");
            }
            members.add(member);
        }
        return List.copyOf(members);
    }

    private void check(Settings settings, String list) {
        if (members.size() < 2 || members.size() > MEMBERS_MAX || new HashSet<>(members).size() < members.size()) {
            throw settings.refusal("registry.cluster.members", list, "2.." + MEMBERS_MAX + " different addresses");
        }
        if (!members.contains(advertise)) {
            throw settings.refusal(
                    "registry.cluster.advertise",
                    advertise,
                    "this node's own address, as registry.cluster.members has it: " + members);
        }
        if (secret.length() < SECRET_LENGTH_MIN) {
            throw settings.refusal(
                    "registry.cluster.secret",
                    secret.isEmpty() ? "not set" : "***",
                    "at least " + SECRET_LENGTH_MIN + " characters, the same on every member");
        }
    }

    /**
     * Returns the group of the members, or null for a node that stands alone.
     *
     * @param raftPort this node's Raft port
     */
    @Nullable
    GroupConfig group(InetAddress address, int port, int raftPort) {
        if (members.isEmpty()) {
            return null;
        }
        return new GroupConfig(
                new ListedMembers(members),
                raftPort - port,
                new InetSocketAddress(address, raftPort),
                new PeerSecret(name, secret));
    }

    /** Returns this node, as others see it. */
    ClusterMember self(NodeId id, int clusterPort, int raftPort) {
        String host = advertise.substring(0, advertise.lastIndexOf(':') + 1);
        return new ClusterMember(id, advertise, host + clusterPort, members.isEmpty() ? "" : host + raftPort);
    }
}
