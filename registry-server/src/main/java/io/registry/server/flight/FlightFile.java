package io.registry.server.flight;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries in segments, of which the oldest is deleted when there is no room for another. A segment is a row of blocks, and
 * no frame crosses the end of a block, so that it can be read from its end without an index. Its name is the number of its
 * first entry.
 *
 * <p><b>Threading</b>: written by one thread; {@link #segments} from any.
 */
final class FlightFile {

    /** No frame is longer, by the bounds of its parts. */
    static final int BLOCK = 1 << 16;

    /** So many segments there are in a small file; in a large one there are more, of this size. */
    private static final int SEGMENTS = 16;

    private static final long SEGMENT_MAX = 8L << 20;
    private static final String SUFFIX = ".flight";
    private static final Logger LOG = LoggerFactory.getLogger(FlightFile.class);

    /**
     * A segment as readers may read it.
     *
     * @param first the number of its first entry
     * @param length how many of its bytes are written
     */
    record Segment(long first, Path path, long length) {

        Segment to(long end) {
            return new Segment(first, path, end);
        }
    }

    private final Path directory;
    private final long bytesMax;
    private final long segmentBytes;
    private final byte[] gathered = new byte[4 * BLOCK];
    private final EntryForm form = new EntryForm(gathered);
    private volatile List<Segment> segments = List.of();
    private FileChannel channel;
    private int size;
    private long position;
    private long next;

    private FlightFile(Path directory, long bytes) throws IOException {
        this.directory = directory;
        this.segmentBytes = Math.max(BLOCK, Math.min(SEGMENT_MAX, bytes / SEGMENTS) / BLOCK * BLOCK);
        this.bytesMax = Math.max(2 * segmentBytes, bytes);
        Files.createDirectories(directory);
        List<Segment> found = find(directory);
        makeRoom(found, 0);
        if (found.isEmpty()) {
            this.next = 1;
            this.channel = begin(found);
        } else {
            Segment newest = found.get(found.size() - 1);
            this.channel = FileChannel.open(newest.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                recover(newest);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            found.set(found.size() - 1, newest.to(position));
            this.segments = List.copyOf(found);
        }
    }

    /** Opens what is there, cuts off an entry that is not whole, and goes on behind the last one. */
    static FlightFile open(Path directory, long bytes) throws IOException {
        return new FlightFile(directory, bytes);
    }

    private static List<Segment> find(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> files = Files.list(directory)) {
            paths = files.filter(file -> file.getFileName().toString().matches("\\d{19}\\" + SUFFIX))
                    .sorted()
                    .toList();
        }
        List<Segment> found = new ArrayList<>();
        for (Path path : paths) {
            String name = path.getFileName().toString();
            long first = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
            found.add(new Segment(first, path, Files.size(path)));
        }
        return found;
    }

    /** Finds the end of the newest segment. A block that has no entry at all is given up, and so are those behind it. */
    private void recover(Segment newest) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long start = newest.length() == 0 ? 0 : (newest.length() - 1) / BLOCK * BLOCK;
        next = newest.first();
        position = 0;
        while (position == 0 && start >= 0) {
            int limit = readBlock(channel, start, newest.length(), block);
            int at = 0;
            int length = EntryForm.length(block, at, limit);
            // Numbers rise: what follows a write that has failed, and was written over in part, does not count.
            while (length > 0 && EntryForm.number(block, at) >= next) {
                next = EntryForm.number(block, at) + 1;
                at += length;
                length = EntryForm.length(block, at, limit);
            }
            position = at == 0 ? 0 : start + at;
            start -= BLOCK;
        }
        if (position < newest.length()) {
            LOG.info(
                    "flight recorder: an entry was not whole and is cut off: file={} bytes={}",
                    newest.path().getFileName(),
                    newest.length() - position);
            channel.truncate(position);
        }
    }

    /** Reads a block, or what there is of it, and returns how many bytes that are. */
    static int readBlock(FileChannel channel, long start, long end, ByteBuffer block) throws IOException {
        int limit = (int) Math.min(BLOCK, end - start);
        block.clear().limit(limit);
        while (block.hasRemaining()) {
            if (channel.read(block, start + block.position()) < 0) {
                break;
            }
        }
        return block.position();
    }

    /** Returns the segments, the oldest first. From any thread. */
    List<Segment> segments() {
        return segments;
    }

    /** Returns how many bytes they have. From any thread. */
    long bytes() {
        return segments.stream().mapToLong(Segment::length).sum();
    }

    /**
     * Writes entries.
     *
     * @return how many of them are written; fewer where the disk takes no more, and the others are lost then
     * @throws IOException where none is
     */
    int append(List<FlightEntry> entries) throws IOException {
        int written = 0;
        try {
            beginWhereDeleted();
            for (int i = 0; i < entries.size(); i++) {
                if (gathered.length - size < BLOCK) {
                    flush();
                    written = i;
                }
                int length = form.frame(entries.get(i), next, size);
                long end = position + size;
                long room = BLOCK - end % BLOCK;
                boolean crosses = length > room;
                boolean full = end + (crosses ? room : 0) + length > segmentBytes;
                if (crosses || full) {
                    int start = size;
                    flush();
                    written = i;
                    System.arraycopy(gathered, start, gathered, 0, length);
                    position = end + room;
                    if (full) {
                        roll();
                    }
                }
                size += length;
                next++;
            }
            flush();
            return entries.size();
        } catch (IOException | RuntimeException e) {
            size = 0;
            cutOff();
            if (written == 0) {
                throw e;
            }
            return written;
        }
    }

    private void flush() throws IOException {
        ByteBuffer whole = ByteBuffer.wrap(gathered, 0, size);
        long at = position;
        while (whole.hasRemaining()) {
            at += channel.write(whole, at);
        }
        size = 0;
        if (at > position) {
            position = at;
            List<Segment> all = new ArrayList<>(segments);
            all.set(all.size() - 1, all.get(all.size() - 1).to(position));
            segments = List.copyOf(all);
        }
    }

    /** Takes back what a failed write has left, so that it is not read after a restart, and its room is free. */
    private void cutOff() {
        try {
            if (channel.size() > position) {
                channel.truncate(position);
            }
        } catch (IOException e) {
            LOG.debug("flight recorder: not cut off", e);
        }
    }

    private void roll() throws IOException {
        List<Segment> kept = new ArrayList<>(segments);
        makeRoom(kept, segmentBytes);
        segments = List.copyOf(kept);
        FileChannel old = channel;
        channel = begin(kept);
        old.close();
    }

    /** Begins anew where somebody has deleted what is written to: nobody would find what goes there. */
    private void beginWhereDeleted() throws IOException {
        List<Segment> kept = new ArrayList<>(segments);
        if (Files.exists(kept.get(kept.size() - 1).path())) {
            return;
        }
        kept.removeIf(segment -> !Files.exists(segment.path()));
        FileChannel old = channel;
        channel = begin(kept);
        old.close();
    }

    /** Deletes the oldest of some segments until there is room for more bytes; keeps the newest. */
    private void makeRoom(List<Segment> kept, long more) throws IOException {
        long sum = more;
        for (Segment segment : kept) {
            sum += segment.length();
        }
        while (sum > bytesMax && kept.size() > 1) {
            Segment oldest = kept.remove(0);
            Files.deleteIfExists(oldest.path());
            sum -= oldest.length();
        }
    }

    private FileChannel begin(List<Segment> kept) throws IOException {
        // Somebody may have deleted what is there, to make room.
        Files.createDirectories(directory);
        Path path = directory.resolve(String.format("%019d", next) + SUFFIX);
        FileChannel begun = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        List<Segment> all = new ArrayList<>(kept);
        all.add(new Segment(next, path, 0));
        segments = List.copyOf(all);
        position = 0;
        return begun;
    }

    void close() throws IOException {
        channel.force(false);
        channel.close();
    }
}
