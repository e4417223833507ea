package io.registry.server.backup;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.account.Account;
import io.registry.server.core.account.Permission;
import io.registry.server.core.account.SigningKey;
import io.registry.server.core.digest.Sha256;
import io.registry.server.core.encoding.StateCodec;
import io.registry.server.core.encoding.UnknownFormException;
import io.registry.server.core.persistent.Namespace;
import io.registry.server.core.persistent.PersistentState;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A backup that was looked through and found whole. Its bytes, big-endian: the mark {@code RGBACKUP}, the version (32
 * bits), when it was made (64), the name of the cluster and the id of the node (each after its length of 16 bits), the
 * length of the state (64), the state as {@link StateCodec} writes it, and the SHA-256 of all before.
 *
 * <p>Reading takes the memory of the largest service, not that of the file.
 *
 * @param path where it is
 * @param name what messages call it
 * @param origin where it comes from
 * @param tally how much there is in it
 * @param stateOffset where the state begins, in bytes
 * @param stateBytes how long the state is
 * @param checksum its SHA-256, in hexadecimal digits
 */
public record BackupFile(
        Path path, String name, Origin origin, Tally tally, long stateOffset, long stateBytes, String checksum) {

    /** The newest version that this server writes and reads. */
    public static final int VERSION = 1;

    private static final long MARK = 0x5247_4241_434B_5550L;
    private static final int SUM_BYTES = 32;
    private static final int CHUNK = 1 << 16;

    /**
     * Writes a backup; does not close the stream. The keys that sign tokens stay behind: a cluster makes its own, and
     * whoever finds an old backup can sign nothing.
     *
     * @param stateBytes what {@link #stateBytes} says of the state
     */
    public static void write(Origin origin, PersistentState state, long stateBytes, OutputStream stream)
            throws IOException {
        DigestOutputStream summed = new DigestOutputStream(stream, Sha256.begin());
        DataOutputStream out = new DataOutputStream(summed);
        out.writeLong(MARK);
        out.writeInt(VERSION);
        out.writeLong(origin.madeMillis());
        out.writeUTF(origin.cluster());
        out.writeUTF(origin.node());
        out.writeLong(stateBytes);
        StateCodec.write(state.withoutKeys(), out);
        out.flush();
        stream.write(summed.getMessageDigest().digest());
        stream.flush();
    }

    /** Returns how many bytes a backup of a state of so many bytes has. */
    public static long length(Origin origin, long stateBytes) throws IOException {
        return headerBytes(origin) + stateBytes + SUM_BYTES;
    }

    private static long headerBytes(Origin origin) throws IOException {
        Counting counting = new Counting();
        DataOutputStream header = new DataOutputStream(counting);
        header.writeUTF(origin.cluster());
        header.writeUTF(origin.node());
        return 3L * Long.BYTES + Integer.BYTES + counting.count;
    }

    /** Returns how many bytes a state takes; it is encoded for that. */
    public static long stateBytes(PersistentState state) throws IOException {
        Counting counting = new Counting();
        StateCodec.write(state.withoutKeys(), counting);
        return counting.count;
    }

    /**
     * Looks through a file, to its end.
     *
     * @param name what messages call it
     * @throws UnusableBackupException where it is not a whole backup that this server knows
     * @throws IOException where it cannot be read
     */
    public static BackupFile check(Path path, String name) throws IOException {
        long length = Files.size(path);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), CHUNK))) {
            if (length < Long.BYTES || in.readLong() != MARK) {
                throw new UnusableBackupException(name + ": not a backup (expected: a file that backup has written)");
            }
            int version = in.readInt();
            if (version < 1 || version > VERSION) {
                throw new UnusableBackupException(name + ": version " + version + " (expected: 1.." + VERSION
                        + "; a newer server has written it)");
            }
            Origin origin = new Origin(in.readLong(), in.readUTF(), in.readUTF());
            long stateBytes = in.readLong();
            long stateOffset = headerBytes(origin);
            long whole = length(origin, stateBytes);
            if (stateBytes < 0 || length != whole) {
                throw new UnusableBackupException(name + ": length " + length + " (expected: " + whole
                        + (length < whole ? "; it is cut off)" : " bytes)"));
            }
            String checksum = checksum(path, name, length);
            Counted counted = new Counted();
            BackupFile file = new BackupFile(path, name, origin, counted.tally(), stateOffset, stateBytes, checksum);
            file.read(counted);
            return new BackupFile(path, name, origin, counted.tally(), stateOffset, stateBytes, checksum);
        } catch (EOFException | UTFDataFormatException e) {
            throw new UnusableBackupException(name + ": cut off or damaged (expected: a whole backup)");
        }
    }

    private static String checksum(Path path, String name, long length) throws IOException {
        MessageDigest digest = Sha256.begin();
        try (InputStream in = Files.newInputStream(path)) {
            byte[] chunk = new byte[CHUNK];
            long left = length - SUM_BYTES;
            while (left > 0) {
                int count = in.read(chunk, 0, (int) Math.min(left, CHUNK));
                if (count < 0) {
                    throw new EOFException();
                }
                digest.update(chunk, 0, count);
                left -= count;
            }
            byte[] sum = digest.digest();
            if (!MessageDigest.isEqual(sum, in.readNBytes(SUM_BYTES))) {
                throw new UnusableBackupException(name + ": damaged (expected: content that fits its checksum)");
            }
            return HexFormat.of().formatHex(sum);
        }
    }

    /** Reads what is in it, one after another. */
    void read(StateCodec.Records records) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            in.skipNBytes(stateOffset);
            StateCodec.read(new Bounded(in, stateBytes), records);
        } catch (UnknownFormException e) {
            throw new UnusableBackupException(name + ": " + e.getMessage());
        }
    }

    private static final class Counted implements StateCodec.Records {

        private long services;
        private long instances;
        private long overrides;
        private long namespaces;
        private long switches;
        private long users;
        private long count;
        private final Changes changes = new Changes(change -> count++);

        @Override
        public void service(ServiceKey key, PersistentState.Service service) {
            services++;
            instances += service.instances().size();
            overrides += service.overrides().size();
            changes.service(key, service);
        }

        @Override
        public void namespace(Namespace namespace) {
            namespaces++;
            changes.namespace(namespace);
        }

        @Override
        public void setting(String entry, String value) {
            switches++;
            changes.setting(entry, value);
        }

        @Override
        public void account(Account account) {
            users++;
            changes.account(account);
        }

        @Override
        public void permission(Permission permission) {
            changes.permission(permission);
        }

        @Override
        public void key(SigningKey key) {
            changes.key(key);
        }

        private Tally tally() {
            return new Tally(services, instances, overrides, namespaces, switches, users, count);
        }
    }

    private static final class Counting extends OutputStream {

        private long count;

        @Override
        public void write(int one) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count += length;
        }
    }

    /** What is behind the state is not part of it. */
    private static final class Bounded extends FilterInputStream {

        private long left;

        Bounded(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            left--;
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(bytes, offset, (int) Math.min(left, length));
            left -= Math.max(count, 0);
            return count;
        }
    }
}
