package io.registry.server.raft;

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

    /** Take me into the group, in the place of the member that had my address. */
    static final int JOIN = 7;

    /** A member: its id and where its Raft port is. */
    record Member(String id, String address) {}

    /**
     * What a member says of itself.
     *
     * @param id its id
     * @param members the members of its group; empty where it belongs to none yet
     * @param committed the index up to which it knows the log to be committed
     */
    record Hello(String id, List<Member> members, long committed) {}

    /**
     * What became of a proposed entry.
     *
     * @param index its index in the log; 0 where it did not get there
     * @param code why not, as the name of an error code
     * @param message the same in words
     */
    record Outcome(long index, String code, String message) {}

    private interface Content {
        void write(CodedOutputStream out) throws IOException;
    }

    private PeerMessages() {}

    static byte[] encode(Member member) {
        return message(out -> {
            out.writeString(1, member.id());
            out.writeString(2, member.address());
        });
    }

    static Member member(byte[] bytes) throws IOException {
        String[] parts = {"", ""};
        read(bytes, (field, in) -> parts[checked(field, 2) - 1] = in.readString());
        return new Member(parts[0], parts[1]);
    }

    static byte[] encode(Hello hello) {
        return message(out -> {
            out.writeString(1, hello.id());
            for (Member member : hello.members()) {
                out.writeByteArray(2, encode(member));
            }
            out.writeUInt64(3, hello.committed());
        });
    }

    static Hello hello(byte[] bytes) throws IOException {
        String[] id = {""};
        List<Member> members = new ArrayList<>();
        long[] committed = {0};
        read(bytes, (field, in) -> {
            switch (checked(field, 3)) {
                case 1 -> id[0] = in.readString();
                case 2 -> members.add(member(in.readByteArray()));
                default -> committed[0] = in.readUInt64();
            }
        });
        return new Hello(id[0], List.copyOf(members), committed[0]);
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
            read(in.readByteArray(), (innerField, inner) -> {
                if (checked(innerField, 3) == 1) {
                    index[0] = inner.readUInt64();
                } else {
                    words[innerField - 2] = inner.readString();
                }
            });
            outcomes.add(new Outcome(index[0], words[0], words[1]));
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
