package io.registry.server.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of the log before Ratis opens them. What a crash leaves at the end of the open file, a last entry
 * that is not whole, is cut off: it was never acknowledged. Damage anywhere else stops the start, since what it hides
 * was acknowledged.
 *
 * <p>A file is a mark of eight bytes, then entries, then zeros. An entry is its length as a varint, a message that
 * begins with its term and its index, and the CRC-32C of both.
 */
final class LogFiles {

    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);

    private static final byte[] MARK = "RaftLog1".getBytes(StandardCharsets.US_ASCII);

    /** The tags of an entry's first two fields, term and index, both varints. A term is never 0. */
    private static final byte TERM_TAG = 0x08;

    private static final byte INDEX_TAG = 0x10;

    private static final int CHECKSUM_BYTES = 4;

    /** What a disk writes at once, at least: a write that was cut short leaves blocks of zeros. */
    private static final int BLOCK = 512;

    private final Path directory;

    LogFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Checks all files, and cuts the open one where its end is torn.
     *
     * @throws UnusableLogException where one is damaged
     */
    void check() throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "log_*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.matches("log_inprogress_\\d+")) {
                    checkOpen(file);
                } else if (name.matches("log_\\d+-\\d+")) {
                    checkClosed(file);
                }
            }
        }
    }

    private static void checkClosed(Path file) throws IOException {
        Scan scan = new Scan(Files.readAllBytes(file));
        if (scan.end() < scan.used()) {
            throw damaged(file, scan.end());
        }
    }

    private static void checkOpen(Path file) throws IOException {
        Scan scan = new Scan(Files.readAllBytes(file));
        int end = scan.end();
        if (end >= scan.used()) {
            return;
        }
        if (!scan.isTorn(end)) {
            throw damaged(file, end);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(end);
            channel.force(true);
        }
        LOG.warn(
                "the last entry of the log was not written whole, and is cut off; it was never acknowledged: file={}"
                        + " offset={} bytes={}",
                file,
                end,
                scan.used() - end);
    }

    private static UnusableLogException damaged(Path file, int offset) {
        return new UnusableLogException("the log is damaged: " + file + " at offset " + offset
                + " (expected: a whole entry; restore the data directory from a backup, or, in a cluster, let this"
                + " member join again without it)");
    }

    /** The bytes of one file. */
    private static final class Scan {

        private final byte[] bytes;
        private final int used;

        /** The index of the last whole entry that was read. */
        private long lastIndex = -1;

        private Scan(byte[] bytes) {
            this.bytes = bytes;
            int last = bytes.length;
            while (last > 0 && bytes[last - 1] == 0) {
                last--;
            }
            this.used = last;
        }

        /** Returns the offset behind the last byte that is not zero. */
        private int used() {
            return used;
        }

        /** Returns the offset behind the last of the whole entries that follow one another from the beginning. */
        private int end() {
            int at = 0;
            while (at < MARK.length) {
                if (at >= bytes.length || bytes[at] != MARK[at]) {
                    // Where the rest is empty, the file was being made.
                    return at;
                }
                at++;
            }
            for (int next = entryEnd(at); next > 0; next = entryEnd(at)) {
                lastIndex = index(at);
                at = next;
            }
            // A whole entry may end in zeros.
            return at;
        }

        /**
         * Returns whether what begins here is an entry of which a part is missing, with nothing behind it. One that has
         * all of its bytes and not its checksum is damaged: it may have been acknowledged.
         */
        private boolean isTorn(int at) {
            if (at < MARK.length) {
                return false;
            }
            for (int later = at + 1; later < used; later++) {
                if (entryEnd(later) > 0 && index(later) > lastIndex) {
                    return false;
                }
            }
            ByteBuffer from = ByteBuffer.wrap(bytes, at, bytes.length - at);
            long length = varint(from);
            long end = from.position() + length + CHECKSUM_BYTES;
            return length <= 0 || end > used || hasEmptyBlock(at, used);
        }

        private boolean hasEmptyBlock(int from, int to) {
            for (int block = (from + BLOCK - 1) / BLOCK * BLOCK; block + BLOCK <= to; block += BLOCK) {
                int at = block;
                while (at < block + BLOCK && bytes[at] == 0) {
                    at++;
                }
                if (at == block + BLOCK) {
                    return true;
                }
            }
            return false;
        }

        /** Returns the offset behind the whole entry that begins here, or 0 where none does. */
        private int entryEnd(int at) {
            ByteBuffer from = ByteBuffer.wrap(bytes, at, bytes.length - at);
            long length = varint(from);
            int begin = from.position();
            if (length <= 0 || length > from.remaining() - CHECKSUM_BYTES || bytes[begin] != TERM_TAG) {
                return 0;
            }
            int end = begin + (int) length;
            CRC32C sum = new CRC32C();
            sum.update(bytes, at, end - at);
            return from.getInt(end) == (int) sum.getValue() ? end + CHECKSUM_BYTES : 0;
        }

        /** Returns the index of the whole entry that begins here. */
        private long index(int at) {
            ByteBuffer from = ByteBuffer.wrap(bytes, at, bytes.length - at);
            varint(from);
            from.get();
            varint(from);
            // The first entry of all has the index 0, which takes no bytes.
            return from.get() == INDEX_TAG ? varint(from) : 0;
        }

        /** Returns the number that begins here, or -1 where none does. */
        private static long varint(ByteBuffer from) {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE && from.hasRemaining(); shift += 7) {
                byte next = from.get();
                value |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            return -1;
        }
    }
}
