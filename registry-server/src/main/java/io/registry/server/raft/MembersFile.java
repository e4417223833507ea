package io.registry.server.raft;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.node.AtomicFile;
import io.registry.server.raft.GroupMembership.Known;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/**
 * Remembers which group this node has come to belong to, before its log says so, and where the members are. It lies beside
 * the log, so that a node whose log is lost does not take itself for a new one.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class MembersFile {

    private static final String PREFIX = "member.";
    private static final String INDEX = "index";
    private static final String LEFT = "left";

    private final Path file;

    MembersFile(RaftConfig config) {
        this.file = config.directory().resolveSibling("cluster.properties");
    }

    /** Returns the members; none where this node belongs to no group. */
    Known read() throws IOException {
        if (!Files.exists(file)) {
            return Known.NOTHING;
        }
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file)));
        List<ClusterMember> members = new TreeSet<>(properties.stringPropertyNames())
                .stream()
                        .filter(name -> name.startsWith(PREFIX))
                        .map(name -> member(name.substring(PREFIX.length()), properties.getProperty(name)))
                        .toList();
        String index = properties.getProperty(INDEX, "0");
        try {
            return new Known(Long.parseLong(index), members, Boolean.parseBoolean(properties.getProperty(LEFT)));
        } catch (NumberFormatException e) {
            throw new UnusableLogException(file + ": " + INDEX + "=" + index + " (expected: a whole number)");
        }
    }

    private static ClusterMember member(String id, String text) {
        // A file of an earlier version has the first of the three addresses only.
        String[] addresses = (text + ",,").split(",", -1);
        return new ClusterMember(new NodeId(id), addresses[1], addresses[2], addresses[0]);
    }

    /** Writes the members; on disk when it returns. */
    void write(Known known) throws IOException {
        StringBuilder text = new StringBuilder("# Which group this node belongs to. Written by the node.\n")
                .append(INDEX)
                .append('=')
                .append(known.index())
                .append('\n');
        if (known.left()) {
            text.append("# This node is not a member any more.\n").append(LEFT).append("=true\n");
        }
        for (ClusterMember member : known.members()) {
            String addresses = String.join(",", member.raft(), member.http(), member.cluster());
            text.append(PREFIX)
                    .append(member.id())
                    .append('=')
                    .append(addresses.replace(":", "\\:"))
                    .append('\n');
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
