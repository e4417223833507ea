package io.registry.server.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments on a real disk: what is cut off, damaged, or rolled away. */
class FlightFileTest {

    private static final int SIZE = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void whereverTheLastEntryIsCutOffTheOthersStayAndWritingGoesOn() throws IOException {
        append(entries("a", 3));
        Path segment = only();
        byte[] whole = Files.readAllBytes(segment);
        int last = whole.length / 3;

        for (int cut = 1; cut <= last; cut++) {
            Files.write(segment, Arrays.copyOf(whole, whole.length - cut));

            append(entries("b", 1));

            assertThat(causes(all())).as("%s bytes are missing", cut).containsExactly("b", "a", "a");
            assertThat(all()).extracting(FlightEntry::number).containsExactly(3L, 2L, 1L);
            Files.write(segment, whole);
        }
    }

    @Test
    void whatFollowsDamageInABlockIsPassedOverAndTheOtherBlocksAreThere() throws IOException {
        append(entries("c", 6_000));
        int before = all().size();
        // Of this size, a segment has one block.
        Path segment = segments().get(1);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(FlightFile.BLOCK / 2);
            file.write(new byte[100]);
        }

        List<FlightEntry> left = all();

        assertThat(before).isEqualTo(6_000);
        assertThat(left.size()).isBetween(before - 1_500, before - 500);
        assertThat(left.get(0).number()).isEqualTo(6_000);
        assertThat(left.get(left.size() - 1).number()).isEqualTo(1);
    }

    @Test
    void theOldestGoesWhereThereIsNoRoomAndNumbersGoOn() throws IOException {
        for (int i = 0; i < 100; i++) {
            append(entries("d", 500));
            long bytes = 0;
            for (Path segment : segments()) {
                bytes += Files.size(segment);
            }
            assertThat(bytes).isLessThanOrEqualTo(SIZE);
        }

        List<FlightEntry> left = all();

        assertThat(left.size()).isBetween(5_000, 49_000);
        assertThat(left)
                .extracting(FlightEntry::number)
                .containsExactlyElementsOf(LongStream.iterate(50_000, number -> number - 1)
                        .limit(left.size())
                        .boxed()
                        .toList());
    }

    @Test
    void aSizeThatWasMadeSmallerHoldsFromTheStart() throws IOException {
        append(entries("s", 20_000));

        FlightFile file = FlightFile.open(directory, SIZE / 4);
        file.append(entries("t", 1));
        file.close();

        long bytes = 0;
        for (Path segment : segments()) {
            bytes += Files.size(segment);
        }
        assertThat(bytes).isBetween((long) FlightFile.BLOCK, SIZE / 4L);
        assertThat(all().get(0).number()).isEqualTo(20_001);
    }

    @Test
    void whatAnEarlierWriteHasLeftBehindTheEndIsNotReadAgain() throws IOException {
        append(entries("a", 2));
        Path segment = only();
        byte[] first = Files.readAllBytes(segment);
        byte[] left = Arrays.copyOfRange(first, first.length / 2, first.length);
        append(entries("b", 1));
        Files.write(segment, left, StandardOpenOption.APPEND);

        append(entries("c", 1));

        assertThat(causes(all())).containsExactly("c", "b", "a", "a");
        assertThat(all()).extracting(FlightEntry::number).containsExactly(4L, 3L, 2L, 1L);
    }

    @Test
    void aDirectoryThatIsDeletedComesBackWithTheNextSegment() throws IOException {
        Path flight = directory.resolve("flight");
        FlightFile file = FlightFile.open(flight, SIZE);
        file.append(entries("d", 100));
        for (FlightFile.Segment segment : file.segments()) {
            Files.delete(segment.path());
        }
        Files.delete(flight);

        for (int i = 0; i < 10; i++) {
            file.append(entries("e", 500));
        }

        assertThat(FlightSearch.of(query(Long.MAX_VALUE, 10), file.segments()).entries())
                .extracting(FlightEntry::number)
                .startsWith(5_100L);
        file.close();
    }

    @Test
    void aFileThatIsNoneOfOursStaysAsItIs() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "mine");
        append(entries("e", 1));

        assertThat(directory.resolve("notes.txt")).hasContent("mine");
        assertThat(causes(all())).containsExactly("e");
    }

    @Test
    void aSegmentOfZerosIsBegunAnew() throws IOException {
        append(entries("f", 1));
        Files.write(only(), new byte[3 * FlightFile.BLOCK]);

        append(entries("g", 1));

        assertThat(causes(all())).containsExactly("g");
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrRepetition() throws IOException {
        append(entries("h", 2_345));
        List<FlightEntry> found = new ArrayList<>();
        FlightFile file = FlightFile.open(directory, SIZE);
        long before = Long.MAX_VALUE;
        int pages = 0;

        while (before > 0) {
            FlightPage page = FlightSearch.of(query(before, 100), file.segments());
            found.addAll(page.entries());
            before = page.next();
            pages++;
        }
        file.close();

        assertThat(pages).isEqualTo(24);
        assertThat(found).isEqualTo(all());
    }

    private void append(List<FlightEntry> entries) throws IOException {
        FlightFile file = FlightFile.open(directory, SIZE);
        assertThat(file.append(entries)).isEqualTo(entries.size());
        file.close();
    }

    private List<FlightEntry> all() throws IOException {
        FlightFile file = FlightFile.open(directory, SIZE);
        List<FlightEntry> found = new ArrayList<>();
        long before = Long.MAX_VALUE;
        while (before > 0) {
            FlightPage page = FlightSearch.of(query(before, Integer.MAX_VALUE), file.segments());
            found.addAll(page.entries());
            before = page.next();
        }
        file.close();
        return found;
    }

    private static FlightQuery query(long before, int limit) {
        return new FlightQuery(null, null, null, 0, null, null, 0, Long.MAX_VALUE, before, limit);
    }

    private static List<String> causes(List<FlightEntry> entries) {
        return entries.stream().map(FlightEntry::cause).toList();
    }

    /** Some 32 bytes each. */
    private static List<FlightEntry> entries(String cause, int count) {
        List<FlightEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(Entries.ofNode(1_000 + i, FlightEntry.Kind.OPERATED, cause, i % 100)
                    .again(1_000 + i, 1 + i % 100));
        }
        return entries;
    }

    private Path only() throws IOException {
        assertThat(segments()).hasSize(1);
        return segments().get(0);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".flight"))
                    .sorted()
                    .toList();
        }
    }
}
