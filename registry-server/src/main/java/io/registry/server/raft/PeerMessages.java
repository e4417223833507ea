package io.registry.server.raft;

import io.registry.api.error.RegistryException;
import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.raft.GroupMembership.Known;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.WireFormat;

/**
 * What members say to one another beside Ratis's own messages, as {@code peer.proto} describes it. As in the log, a field
 * that is not known is refused.
 */
final class PeerMessages {

    /** What is asked; the first four carry messages of Ratis. */
    static final int VOTE = 1;

    static final int APPEND = 2;
    static final int INSTALL_SNAPSHOT = 3;
    static final int START_ELECTION = 4;

    /** Who are you, and has your cluster been formed? */
    static final int HELLO = 5;

    /** Put these entries into the log. */
    static final int PROPOSE = 6;

    /** Take me into the group, in the place of the member that had my address; or I am a member, elsewhere now. */
    static final int JOIN = 7;

    /** Add the node of this address to the group. */
    static final int ADD = 8;

    /** Remove the member of this address or id from the group. */
    static final int REMOVE = 9;

    /**
     * What a member says of itself.
     *
     * @param self its id and addresses
     * @param known the members of its group, as it knows them; none where it belongs to none yet
     * @param committed the index up to which it knows the log to be committed
     * @param wanted where it has found nodes with which it would found a group; HTTP addresses
     */
    record Hello(ClusterMember self, Known known, long committed, List<String> wanted) {}

    /**
     * What became of a proposed entry.
     *
     * @param index its index in the log; 0 where it did not get there
     * @param code why not, as the name of an error code
     * @param message the same in words
     * @param notTaken whether it is certain that nobody has begun with it, so that it may be tried again
     */
    record Outcome(long index, String code, String message, boolean notTaken) {

        static Outcome done(long index) {
            return new Outcome(index, "", "", false);
        }

        static Outcome refused(RegistryException refusal) {
            String message = String.valueOf(refusal.getMessage());
            return new Outcome(0, refusal.code().name(), message, Refusal.isNotTaken(refusal));
        }
    }

    private interface Content {
        void write(CodedOutputStream out) throws IOException;
    }

    private PeerMessages() {}

    static byte[] encode(ClusterMember member) {
        return message(out -> {
            out.writeString(1, member.id().value());
            out.writeString(2, member.raft());
            out.writeString(3, member.http());
            out.writeString(4, member.cluster());
        });
    }

    static ClusterMember member(byte[] bytes) throws IOException {
        String[] parts = {"", "", "", ""};
        read(bytes, (field, in) -> parts[checked(field, 4) - 1] = in.readString());
        if (parts[0].isEmpty()) {
            throw new IOException("member without an id (expected: its id)");
        }
        return new ClusterMember(new NodeId(parts[0]), parts[2], parts[3], parts[1]);
    }

    static byte[] encode(Hello hello) {
        return message(out -> {
            out.writeByteArray(1, encode(hello.self()));
            for (ClusterMember member : hello.known().members()) {
                out.writeByteArray(2, encode(member));
            }
            out.writeUInt64(3, hello.committed());
            out.writeSInt64(4, hello.known().index());
            out.writeBool(5, hello.known().left());
            for (String address : hello.wanted()) {
                out.writeString(6, address);
            }
        });
    }

    static Hello hello(byte[] bytes) throws IOException {
        List<ClusterMember> self = new ArrayList<>();
        List<ClusterMember> members = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        long[] indices = {0, Known.NOTHING.index()};
        boolean[] left = {false};
        read(bytes, (field, in) -> {
            switch (checked(field, 6)) {
                case 1 -> self.add(member(in.readByteArray()));
                case 2 -> members.add(member(in.readByteArray()));
                case 3 -> indices[0] = in.readUInt64();
                case 4 -> indices[1] = in.readSInt64();
                case 5 -> left[0] = in.readBool();
                default -> wanted.add(in.readString());
            }
        });
        if (self.size() != 1) {
            throw new IOException("a member that says who it is: " + self.size() + " times (expected: once)");
        }
        return new Hello(self.get(0), new Known(indices[1], members, left[0]), indices[0], List.copyOf(wanted));
    }

    static byte[] encodeEntries(List<byte[]> entries) {
        return message(out -> {
            for (byte[] entry : entries) {
                out.writeByteArray(1, entry);
            }
        });
    }

    static List<byte[]> entries(byte[] bytes) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        read(bytes, (field, in) -> {
            checked(field, 1);
            entries.add(in.readByteArray());
        });
        return entries;
    }

    static byte[] encodeOutcomes(List<Outcome> outcomes) {
        return message(out -> {
            for (Outcome outcome : outcomes) {
                out.writeByteArray(1, message(inner -> {
                    inner.writeUInt64(1, outcome.index());
                    inner.writeString(2, outcome.code());
                    inner.writeString(3, outcome.message());
                    inner.writeBool(4, outcome.notTaken());
                }));
            }
        });
    }

    static List<Outcome> outcomes(byte[] bytes) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        read(bytes, (field, in) -> {
            checked(field, 1);
            long[] index = {0};
            String[] words = {"", ""};
            boolean[] notTaken = {false};
            read(in.readByteArray(), (innerField, inner) -> {
                switch (checked(innerField, 4)) {
                    case 1 -> index[0] = inner.readUInt64();
                    case 4 -> notTaken[0] = inner.readBool();
                    default -> words[innerField - 2] = inner.readString();
                }
            });
            outcomes.add(new Outcome(index[0], words[0], words[1], notTaken[0]));
        });
        return outcomes;
    }

    private interface FieldReader {
        void read(int field, CodedInputStream in) throws IOException;
    }

    private static void read(byte[] bytes, FieldReader reader) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            reader.read(WireFormat.getTagFieldNumber(tag), in);
        }
    }

    private static int checked(int field, int max) throws IOException {
        if (field < 1 || field > max) {
            throw new IOException(
                    "field " + field + " (expected: 1.." + max + "; the other member is of another version)");
        }
        return field;
    }

    private static byte[] message(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            content.write(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
