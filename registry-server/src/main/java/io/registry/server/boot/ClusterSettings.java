package io.registry.server.boot;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.HostPort;
import io.registry.server.lookup.ListedMembers;
import io.registry.server.lookup.MemberAddress;
import io.registry.server.lookup.MemberFile;
import io.registry.server.lookup.MemberLookup;
import io.registry.server.lookup.MemberNames;
import io.registry.server.raft.GroupConfig;
import io.registry.server.secret.PeerSecret;
import io.registry.server.sockets.SocketTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that a node belongs to.
 *
 * @param name its name, which its members share and its files bear
 * @param lookup where its members may be found; null for a node that stands alone
 * @param advertise the HTTP address by which others know this node, {@code host:port}
 * @param secret what the members share; empty for a node that stands alone
 */
record ClusterSettings(String name, @Nullable MemberLookup lookup, String advertise, String secret) {

    private static final int SECRET_LENGTH_MIN = 16;
    private static final int MEMBERS_MAX = 9;
    private static final String MEMBERS = "registry.cluster.members";
    private static final String FILE = "registry.cluster.file";
    private static final String DNS = "registry.cluster.dns";
    private static final String EXPECT = "registry.cluster.expect";
    private static final String ADVERTISE = "registry.cluster.advertise";

    static ClusterSettings read(Settings settings, InetAddress address, int port, Path dataDir) {
        String name = settings.text("registry.cluster.name", "registry");
        String members = settings.text(MEMBERS, "");
        String file = settings.text(FILE, "");
        String dns = settings.text(DNS, "");
        int expect = settings.whole(EXPECT, 0, 0, MEMBERS_MAX);
        String advertise = settings.text(ADVERTISE, "");
        String secret = settings.text("registry.cluster.secret", "");
        if (name.isBlank()) {
            throw settings.refusal("registry.cluster.name", name, "a name");
        }
        oneOf(settings, members, file, dns);
        if (expect != 0 && dns.isEmpty()) {
            throw settings.refusal(EXPECT, expect, "not set without " + DNS);
        }
        String own = advertise.isEmpty() ? hostOf(address) + ":" + port : address(settings, ADVERTISE, advertise);
        Path standard = dataDir.resolve("cluster.conf");
        MemberLookup lookup;
        if (!members.isEmpty()) {
            lookup = listed(settings, members, own);
        } else if (!dns.isEmpty()) {
            lookup = names(settings, dns, expect, own, address.isAnyLocalAddress() && advertise.isEmpty());
        } else if (!file.isEmpty() || Files.exists(standard)) {
            lookup = filed(settings, file.isEmpty() ? standard.toString() : file, own);
        } else {
            return new ClusterSettings(name, null, own, secret);
        }
        if (secret.length() < SECRET_LENGTH_MIN) {
            throw settings.refusal(
                    "registry.cluster.secret",
                    secret.isEmpty() ? "not set" : "***",
                    "at least " + SECRET_LENGTH_MIN + " characters, the same on every member");
        }
        return new ClusterSettings(name, lookup, own, secret);
    }

    private static void oneOf(Settings settings, String members, String file, String dns) {
        if (!members.isEmpty() && !file.isEmpty()) {
            throw settings.refusal(FILE, file, "not set together with " + MEMBERS);
        }
        if (!dns.isEmpty() && !(members.isEmpty() && file.isEmpty())) {
            throw settings.refusal(DNS, dns, "not set together with " + (members.isEmpty() ? FILE : MEMBERS));
        }
    }

    private static String hostOf(InetAddress address) {
        String host = address.getHostAddress();
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static String address(Settings settings, String setting, String text) {
        try {
            return MemberAddress.read(text);
        } catch (IllegalArgumentException e) {
            throw settings.refusal(setting, text, "host:port");
        }
    }

    private static MemberLookup listed(Settings settings, String list, String own) {
        List<String> members = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            try {
                members.add(MemberAddress.read(part.trim()));
            } catch (IllegalArgumentException e) {
                throw settings.refusal(MEMBERS, list, "host:port,host:port,... without gaps");
            }
        }
        if (members.size() < 2 || members.size() > MEMBERS_MAX || new HashSet<>(members).size() < members.size()) {
            throw settings.refusal(MEMBERS, list, "2.." + MEMBERS_MAX + " different addresses");
        }
        checkOwn(settings, own, members, MEMBERS);
        return new ListedMembers(members);
    }

    private static MemberLookup filed(Settings settings, String file, String own) {
        try {
            MemberFile lookup = new MemberFile(Path.of(file), RegistryProperties.PORT);
            checkOwn(settings, own, lookup.read(), file);
            return lookup;
        } catch (InvalidPathException e) {
            throw settings.refusal(FILE, file, "a file");
        } catch (IllegalArgumentException e) {
            throw new RefusedStart(FILE + ": " + e.getMessage());
        }
    }

    private static MemberLookup names(Settings settings, String dns, int expect, String own, boolean anywhere) {
        if (expect < 2) {
            throw settings.refusal(
                    EXPECT,
                    expect == 0 ? "not set" : expect,
                    "2.." + MEMBERS_MAX + ", the number of nodes to wait for before a cluster is founded");
        }
        if (anywhere) {
            throw settings.refusal(ADVERTISE, own, "an address by which others reach this node, as " + DNS + " has it");
        }
        if (MemberNames.isService(dns)) {
            if (!dns.matches("_[^\\s:/]+")) {
                throw settings.refusal(DNS, dns, "name:port, or _service._tcp.name, whose records have the ports");
            }
            return new MemberNames(dns, 0, expect, MemberNames.SYSTEM);
        }
        try {
            HostPort address = HostPort.of(MemberAddress.read(dns));
            return new MemberNames(address.host(), address.port(), expect, MemberNames.SYSTEM);
        } catch (IllegalArgumentException e) {
            throw settings.refusal(DNS, dns, "name:port, or _service._tcp.name, whose records have the ports");
        }
    }

    private static void checkOwn(Settings settings, String own, List<String> members, String source) {
        if (!members.contains(own)) {
            throw settings.refusal(ADVERTISE, own, "this node's own address, as " + source + " has it: " + members);
        }
    }

    /** Returns whether the node stands alone. */
    boolean alone() {
        return lookup == null;
    }

    /**
     * Returns the group of the members, or null for a node that stands alone.
     *
     * @param raftPort this node's Raft port
     * @param tls how members speak TLS on that of each other; null where they do not
     */
    @Nullable
    GroupConfig group(InetAddress address, int raftPort, @Nullable SocketTls tls) {
        if (lookup == null) {
            return null;
        }
        int port = HostPort.of(advertise).port();
        return new GroupConfig(
                lookup, raftPort - port, new InetSocketAddress(address, raftPort), new PeerSecret(name, secret), tls);
    }

    /** Returns this node, as others see it. */
    ClusterMember self(NodeId id, int clusterPort, int raftPort) {
        HostPort own = HostPort.of(advertise);
        return new ClusterMember(
                id,
                advertise,
                own.withPort(clusterPort).toString(),
                alone() ? "" : own.withPort(raftPort).toString());
    }
}
