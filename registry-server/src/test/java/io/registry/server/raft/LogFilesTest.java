package io.registry.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.server.core.persistent.PersistentState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash or a bad disk does to the open file of a log that Ratis has written. */
class LogFilesTest {

    private static final int ENTRIES = 40;

    @TempDir
    private Path directory;

    private PersistentState before;
    private Path file;
    private byte[] whole;

    /** Where each entry begins, and at last where the next one would. */
    private List<Integer> offsets;

    @BeforeEach
    void write() throws IOException, InterruptedException {
        try (LogFixture log = LogFixture.open(directory)) {
            log.register(1, ENTRIES);
            before = log.state();
        }
        List<Path> files = LogFixture.files(directory, "log_inprogress_");
        assertThat(files).hasSize(1);
        file = files.get(0);
        whole = Files.readAllBytes(file);
        offsets = offsets(whole);
        assertThat(offsets).hasSizeGreaterThan(ENTRIES);
    }

    /** A crash amid the next entry: its beginning is there, then nothing or what was allocated before. */
    @Test
    void anEntryThatWasNotWrittenWholeIsCutOff() throws IOException {
        byte[] next = Arrays.copyOfRange(whole, offsets.get(ENTRIES - 1), offsets.get(ENTRIES));
        for (int present = 1; present < next.length; present += 7) {
            for (int zeros : new int[] {0, 1, 700, 64 << 10}) {
                byte[] torn = Arrays.copyOf(whole, whole.length + present + zeros);
                System.arraycopy(next, 0, torn, whole.length, present);

                check(torn);

                assertThat(Files.readAllBytes(file))
                        .as("%s bytes of the entry, %s zeros", present, zeros)
                        .startsWith(whole)
                        .satisfies(bytes -> assertThat(used(bytes)).isEqualTo(used(whole)));
            }
        }
        assertOpens();
    }

    @Test
    void whatWasAllocatedIsNoDamage() throws IOException {
        byte[] longer = Arrays.copyOf(whole, whole.length + (64 << 10));

        check(longer);

        assertThat(Files.readAllBytes(file)).isEqualTo(longer);
        assertOpens();
    }

    /** After a loss of power blocks may be missing within what was written last. */
    @Test
    void aLastEntryWithAnEmptyBlockIsCutOff() throws IOException {
        byte[] large = entry(1_000_000, 5_000);
        byte[] torn = Arrays.copyOf(whole, whole.length + large.length);
        System.arraycopy(large, 0, torn, whole.length, large.length);
        int block = (whole.length / 512 + 2) * 512;
        Arrays.fill(torn, block, block + 1024, (byte) 0);

        check(torn);

        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void aFlippedBitStopsTheStartAndIsLocated() throws IOException {
        Random random = new Random(1);
        for (int entry = 0; entry < offsets.size() - 1; entry++) {
            int begin = offsets.get(entry);
            // The length of the last entry decides where it ends; anything else of it is known to be wrong.
            int at = begin + 1 + random.nextInt(offsets.get(entry + 1) - begin - 1);
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));

            assertThatThrownBy(() -> check(damaged))
                    .as("entry %s at %s", entry, at)
                    .isInstanceOf(UnusableLogException.class)
                    .hasMessageStartingWith("the log is damaged: " + file + " at offset " + begin + " (expected: ");
            assertThat(Files.readAllBytes(file)).as("left as it was found").isEqualTo(damaged);
        }
    }

    @Test
    void anEntryWithoutContentAmidOthersStopsTheStart() throws IOException {
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, offsets.get(10), offsets.get(12), (byte) 0);

        assertThatThrownBy(() -> check(damaged))
                .isInstanceOf(UnusableLogException.class)
                .hasMessageContaining(" at offset " + offsets.get(10) + " ");
    }

    @Test
    void aDamagedMarkStopsTheStart() throws IOException {
        byte[] damaged = whole.clone();
        damaged[3] ^= 1;

        assertThatThrownBy(() -> check(damaged))
                .isInstanceOf(UnusableLogException.class)
                .hasMessageContaining(" at offset 3 ");
    }

    @Test
    void aFileThatWasJustBeingMadeIsNoDamage() throws IOException {
        for (int length = 0; length <= 8; length++) {
            check(Arrays.copyOf(Arrays.copyOf(whole, length), 64 << 10));
        }
    }

    @Test
    void aClosedFileIsNeverCut() throws IOException, InterruptedException {
        assertOpens();
        List<Path> closed = LogFixture.files(directory, "log_0-");
        assertThat(closed).hasSize(1);
        byte[] bytes = Files.readAllBytes(closed.get(0));
        bytes[bytes.length - 1] ^= 1;
        Files.write(closed.get(0), bytes);

        assertThatThrownBy(() -> LogFixture.open(directory))
                .hasRootCauseInstanceOf(UnusableLogException.class)
                .hasMessageContaining("the log is damaged: " + closed.get(0));
    }

    private void check(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        new LogFiles(file.resolveSibling("")).check();
    }

    private void assertOpens() {
        try (LogFixture again = LogFixture.open(directory)) {
            assertThat(again.state()).isEqualTo(before);
            again.propose(LogFixture.put(60_000));
        }
    }

    private static int used(byte[] bytes) {
        int used = bytes.length;
        while (used > 0 && bytes[used - 1] == 0) {
            used--;
        }
        return used;
    }

    /** Reads the lengths only: entries of this test are shorter than 2 MB. */
    private static List<Integer> offsets(byte[] bytes) {
        List<Integer> offsets = new ArrayList<>();
        int at = 8;
        while (at < bytes.length && bytes[at] != 0) {
            offsets.add(at);
            int length = 0;
            int shift = 0;
            do {
                length |= (bytes[at] & 0x7F) << shift;
                shift += 7;
            } while (bytes[at++] < 0);
            at += length + 4;
        }
        offsets.add(at);
        return offsets;
    }

    /** Returns an entry as Ratis writes one, of an index of three bytes. */
    private static byte[] entry(int index, int content) {
        ByteBuffer message = ByteBuffer.allocate(content + 16);
        message.put((byte) 8).put((byte) 1).put((byte) 16);
        for (int rest = index; ; rest >>>= 7) {
            if (rest < 0x80) {
                message.put((byte) rest);
                break;
            }
            message.put((byte) (rest | 0x80));
        }
        message.put((byte) 0x1A).put((byte) (content | 0x80)).put((byte) (content >>> 7));
        byte[] body = new byte[content];
        Arrays.fill(body, (byte) 'x');
        message.put(body);
        int length = message.position();
        ByteBuffer entry = ByteBuffer.allocate(length + 6);
        entry.put((byte) (length | 0x80)).put((byte) (length >>> 7)).put(message.array(), 0, length);
        CRC32C sum = new CRC32C();
        sum.update(entry.array(), 0, entry.position());
        return entry.putInt((int) sum.getValue()).array();
    }
}
