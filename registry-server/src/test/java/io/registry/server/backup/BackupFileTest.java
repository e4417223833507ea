package io.registry.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.account.Permission;
import io.registry.server.core.encoding.RandomCommands;
import io.registry.server.core.persistent.Namespace;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a backup, and what comes of it in a store. */
class BackupFileTest {

    private static final Origin ORIGIN = new Origin(1_700_000_000_000L, "orders größer", "node-1");

    @TempDir
    private Path directory;

    @Test
    void aRestoredStoreIsAsTheOneThatWasSaved() throws IOException {
        PersistentState state = applied(1, 5_000).state();
        BackupFile file = check(bytes(state));
        PersistentStore store = new PersistentStore();

        restore(file, store, Long.MAX_VALUE);

        assertThat(file.origin()).isEqualTo(ORIGIN);
        assertThat(file.tally().services()).isEqualTo(state.services().size()).isGreaterThan(100);
        assertThat(file.tally().overrides()).isPositive();
        assertThat(file.tally().namespaces()).isEqualTo(state.namespaces().size());
        assertThat(file.tally().switches()).isEqualTo(state.switches().size());
        assertThat(file.tally().users()).isEqualTo(state.accounts().users().size());
        assertThat(state.accounts().keys()).isNotEmpty();
        assertThat(store.state()).isEqualTo(state.withoutKeys());
        assertThat(bytes(store.state())).isEqualTo(bytes(state));
    }

    @Test
    void theLengthIsKnownBefore() throws IOException {
        PersistentState state = applied(2, 500).state();

        assertThat(BackupFile.length(ORIGIN, BackupFile.stateBytes(state))).isEqualTo(bytes(state).length);
        assertThat(BackupFile.length(ORIGIN, BackupFile.stateBytes(PersistentState.EMPTY)))
                .isEqualTo(bytes(PersistentState.EMPTY).length);
    }

    @Test
    void nothingCanBeSavedToo() throws IOException {
        assertThat(check(bytes(PersistentState.EMPTY)).tally()).isEqualTo(new Tally(0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void everyLossOfTheEndIsFound() throws IOException {
        byte[] whole = bytes(applied(3, 20).state());
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), length + " of " + whole.length);
        }
        assertRefused(Arrays.copyOf(whole, whole.length + 1), "one byte more");
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        byte[] whole = bytes(applied(3, 20).state());
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << (at % 8));
            assertRefused(damaged, "byte " + at);
        }
    }

    @Test
    void aRefusalNamesTheFileAndTheRule() throws IOException {
        byte[] whole = bytes(applied(3, 20).state());
        byte[] newer = whole.clone();
        newer[11] = BackupFile.VERSION + 1;
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;

        assertThatThrownBy(() -> check("hello, world".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("f: not a backup (expected: a file that backup has written)");
        assertThatThrownBy(() -> check(newer))
                .hasMessage("f: version 2 (expected: 1..1; a newer server has written it)");
        assertThatThrownBy(() -> check(Arrays.copyOf(whole, whole.length - 1)))
                .hasMessage("f: length " + (whole.length - 1) + " (expected: " + whole.length + "; it is cut off)");
        assertThatThrownBy(() -> check(damaged)).hasMessage("f: damaged (expected: content that fits its checksum)");
    }

    @Test
    void anUnfinishedRestoreIsRepeatedWithTheSameFile() throws IOException {
        PersistentState state = applied(4, 1_000).state().withoutKeys();
        BackupFile file = check(bytes(state));
        PersistentStore store = new PersistentStore();

        assertThatThrownBy(() -> restore(file, store, 20))
                .isInstanceOf(RegistryException.class)
                .hasMessage("restore unfinished, 20 of " + file.tally().changes()
                        + " changes made: gone (repeat it with the same file)");
        assertThat(store.state()).isNotEqualTo(state);
        restore(file, store, Long.MAX_VALUE);

        assertThat(store.state()).isEqualTo(state);
    }

    @Test
    void whatIsNotFromTheBackupIsAnObstacleAndStaysAsItIs() throws IOException {
        BackupFile file = check(bytes(applied(5, 300).state()));
        PersistentStore store = new PersistentStore();
        store.apply(new PersistentCommand.PutNamespace(new Namespace("not in it", "n", "")));
        PersistentState before = store.state();

        assertThatThrownBy(() -> restore(file, store, Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_STATE))
                .hasMessageStartingWith("persistent state: 0 services, 1 namespaces, 0 switches, not all of them from");

        assertThat(store.state()).isSameAs(before);
    }

    private void assertRefused(byte[] bytes, String what) {
        assertThatThrownBy(() -> check(bytes)).as(what).isInstanceOf(UnusableBackupException.class);
    }

    private BackupFile check(byte[] bytes) throws IOException {
        return BackupFile.check(Files.write(directory.resolve("f"), bytes), "f");
    }

    private static byte[] bytes(PersistentState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BackupFile.write(ORIGIN, state, BackupFile.stateBytes(state), bytes);
        return bytes.toByteArray();
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

    private static void restore(BackupFile file, PersistentStore store, long taken) throws IOException {
        new Restore(new ShortLog(store, taken), store).run(file);
    }

    /** A log that loses its leader after a number of changes. */
    private static final class ShortLog implements PersistentLog {

        private final PersistentStore store;
        private long left;

        ShortLog(PersistentStore store, long taken) {
            this.store = store;
            this.left = taken;
        }

        @Override
        public CompletableFuture<@Nullable Void> start() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<@Nullable Void> propose(PersistentCommand command) {
            if (left-- <= 0) {
                return CompletableFuture.failedFuture(new RegistryException(ErrorCode.NO_LEADER, "gone"));
            }
            store.apply(command);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public boolean leads() {
            return true;
        }

        @Override
        public String describe() {
            return "short";
        }

        @Override
        public void close() {}
    }
}
