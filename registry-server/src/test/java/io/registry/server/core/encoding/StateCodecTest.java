package io.registry.server.core.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.server.core.account.Permission;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StateCodecTest {

    private static final int COMMANDS = 5_000;

    @Test
    void aStateIsReadAsItWasWritten() throws IOException {
        PersistentState state = applied(1, COMMANDS).state();

        PersistentState read = StateCodec.read(new ByteArrayInputStream(bytes(state)));

        assertThat(state.services()).hasSizeGreaterThan(100);
        assertThat(state.namespaces()).isNotEmpty();
        assertThat(state.switches()).isNotEmpty();
        assertThat(state.accounts().users()).isNotEmpty();
        assertThat(state.accounts().permissions()).isNotEmpty();
        assertThat(state.accounts().keys()).isNotEmpty();
        assertThat(read).isEqualTo(state);
        assertThat(bytes(read)).isEqualTo(bytes(state));
    }

    @Test
    void nothingIsAStateToo() throws IOException {
        assertThat(StateCodec.read(new ByteArrayInputStream(bytes(PersistentState.EMPTY))))
                .isEqualTo(PersistentState.EMPTY);
    }

    /** Twice, so that what differs between any two processes would be seen. */
    @Test
    void theSameCommandsGiveTheSameBytesInAFreshProcess() throws IOException, InterruptedException {
        String here = HexFormat.of().formatHex(bytes(applied(7, COMMANDS).state()));

        assertThat(inFreshProcess(7)).isEqualTo(here);
        assertThat(inFreshProcess(7)).isEqualTo(here);
        assertThat(inFreshProcess(8)).isNotEqualTo(here);
    }

    @Test
    void aRestoredStoreSaysWhatHasChanged() {
        PersistentStore store = applied(1, 500);
        PersistentState before = store.state();
        PersistentState other = applied(2, 500).state();

        var changes = store.restore(other);

        assertThat(store.state()).isEqualTo(other);
        assertThat(changes).isNotEmpty().allSatisfy(change -> {
            PersistentState.Service after = change.after();
            assertThat(after == null ? PersistentState.Service.EMPTY : after)
                    .isEqualTo(other.service(change.service()))
                    .isNotEqualTo(before.service(change.service()));
        });
        assertThat(store.restore(other)).isEmpty();
    }

    @Test
    void everyFlippedBitIsFound() {
        byte[] whole = bytes(applied(3, 20).state());
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << (at % 8));

            assertThatThrownBy(() -> StateCodec.read(new ByteArrayInputStream(damaged)))
                    .as("byte %s of %s", at, whole.length)
                    .isInstanceOfAny(IOException.class, UnknownFormException.class);
        }
    }

    @Test
    void everyLossOfTheEndIsFound() {
        byte[] whole = bytes(applied(3, 20).state());
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);

            assertThatThrownBy(() -> StateCodec.read(new ByteArrayInputStream(cut)))
                    .as("%s of %s bytes", length, whole.length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aNewerVersionIsRefused() {
        byte[] whole = bytes(PersistentState.EMPTY);
        whole[7] = StateCodec.VERSION + 1;

        assertThatThrownBy(() -> StateCodec.read(new ByteArrayInputStream(whole)))
                .isInstanceOf(UnknownFormException.class)
                .hasMessage("version of a snapshot: 2 (expected: 1..1; a newer server has written it)");
    }

    private static String inFreshProcess(long seed) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StateCodecTest.class.getName(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    /** What runs in the fresh process. */
    public static void main(String[] args) throws IOException {
        byte[] bytes = bytes(applied(Long.parseLong(args[0]), COMMANDS).state());
        System.out.write(HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII));
        System.out.flush();
    }

    private static PersistentStore applied(long seed, int commands) {
        RandomCommands random = new RandomCommands(seed);
        PersistentStore store = new PersistentStore();
        for (int i = 0; i < commands; i++) {
            store.apply(random.next());
        }
        // By chance a role hardly ever has somebody, and permissions.
        store.apply(new PersistentCommand.PutUser("alice", "hash", null));
        store.apply(new PersistentCommand.BindRole("reader", "alice"));
        store.apply(new PersistentCommand.Grant(new Permission("reader", "dev:*:*", "r")));
        return store;
    }

    private static byte[] bytes(PersistentState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            StateCodec.write(state, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
