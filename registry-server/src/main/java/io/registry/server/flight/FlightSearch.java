package io.registry.server.flight;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One search through the segments, from the newest entry to the oldest, as far as its bounds let it go.
 *
 * <p><b>Threading</b>: for one thread, whichever; reads what is being written.
 */
final class FlightSearch {

    /** So much is looked through at once; more than a segment, so that each search comes further. Some 50 ms. */
    private static final long READ_MAX = 16L << 20;

    /** So much is found at once, in bytes as they are kept. */
    private static final long FOUND_MAX = 1L << 20;

    private final FlightQuery query;
    private final ByteBuffer block = ByteBuffer.allocate(FlightFile.BLOCK);
    private final int[] starts = new int[FlightFile.BLOCK / EntryForm.FRAME + 1];
    private final List<FlightEntry> found = new ArrayList<>();
    private long foundBytes;
    private long readBytes;

    /** The smallest number that was looked at. */
    private long lowest;

    private FlightSearch(FlightQuery query) {
        this.query = query;
        this.lowest = query.before();
    }

    /** Searches. */
    static FlightPage of(FlightQuery query, List<FlightFile.Segment> segments) throws IOException {
        FlightSearch search = new FlightSearch(query);
        for (int i = segments.size() - 1; i >= 0; i--) {
            FlightFile.Segment segment = segments.get(i);
            if (segment.first() < query.before() && !search.through(segment)) {
                return new FlightPage(search.found, search.lowest);
            }
        }
        return new FlightPage(search.found, 0);
    }

    /** Returns false where a bound is reached. */
    private boolean through(FlightFile.Segment segment) throws IOException {
        FileChannel channel = open(segment);
        if (channel == null) {
            // Deleted a moment ago, to make room: it was the oldest.
            return true;
        }
        try (channel) {
            for (long start = (segment.length() - 1) / FlightFile.BLOCK * FlightFile.BLOCK;
                    start >= 0 && segment.length() > 0;
                    start -= FlightFile.BLOCK) {
                if (readBytes >= READ_MAX) {
                    return false;
                }
                int limit = FlightFile.readBlock(channel, start, segment.length(), block);
                readBytes += limit;
                if (!throughBlock(limit)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static @Nullable FileChannel open(FlightFile.Segment segment) throws IOException {
        try {
            return FileChannel.open(segment.path(), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private boolean throughBlock(int limit) {
        int count = 0;
        int end = 0;
        for (int length = EntryForm.length(block, 0, limit); length > 0; ) {
            starts[count++] = end;
            end += length;
            length = EntryForm.length(block, end, limit);
        }
        starts[count] = end;
        for (int i = count - 1; i >= 0; i--) {
            if (EntryForm.number(block, starts[i]) < query.before() && !take(starts[i], starts[i + 1] - starts[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean take(int at, int length) {
        lowest = EntryForm.number(block, at);
        if (!query.isOfTime(EntryForm.atMillis(block, at))) {
            return true;
        }
        FlightEntry entry = EntryForm.entry(block, at, length);
        if (entry == null || !query.fits(entry)) {
            return true;
        }
        found.add(entry);
        foundBytes += length;
        return found.size() < query.limit() && foundBytes < FOUND_MAX;
    }
}
