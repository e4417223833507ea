package io.registry.server.raft;

import io.registry.server.node.AtomicFile;
import io.registry.server.raft.PeerMessages.Member;
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

    private final Path file;

    MembersFile(RaftConfig config) {
        this.file = config.directory().resolveSibling("cluster.properties");
    }

    /** Returns the members; none where this node belongs to no group. */
    List<Member> read() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file)));
        return new TreeSet<>(properties.stringPropertyNames())
                .stream()
                        .filter(name -> name.startsWith(PREFIX))
                        .map(name -> new Member(name.substring(PREFIX.length()), properties.getProperty(name)))
                        .toList();
    }

    /** Writes the members; on disk when it returns. */
    void write(List<Member> members) throws IOException {
        StringBuilder text = new StringBuilder("# Which group this node belongs to. Written by the node.\n");
        for (Member member : members) {
            text.append(PREFIX)
                    .append(member.id())
                    .append('=')
                    .append(member.address().replace(":", "\\:"))
                    .append('\n');
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
