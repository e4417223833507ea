package io.registry.server.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The file in which operators list the members. */
class MemberFileTest {

    @TempDir
    Path directory;

    private Path file;
    private MemberFile lookup;

    @BeforeEach
    void make() {
        file = directory.resolve("cluster.conf");
        lookup = new MemberFile(file, 8848);
    }

    @Test
    void oneAddressALine() throws IOException {
        Files.writeString(
                file, "# our three\n10.0.0.1:8848\n\n  10.0.0.2  # the second\r\n[fd00::3]:9000\nn4.example.org\n");

        assertThat(lookup.addresses())
                .containsExactly("10.0.0.1:8848", "10.0.0.2:8848", "[fd00::3]:9000", "n4.example.org:8848");
        assertThat(lookup.errors()).isZero();
    }

    @Test
    void aChangeIsSeen() throws IOException {
        Files.writeString(file, "a:1\nb:2\n");
        assertThat(lookup.addresses()).containsExactly("a:1", "b:2");

        Files.writeString(file, "a:1\nc:3\n");

        assertThat(lookup.addresses()).containsExactly("a:1", "c:3");
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of("a:1\nb:2\nc:", ": ends amid a line (expected: an end of line after the last address)"),
                Arguments.of("a:1\nb:2\nc:\n", ":3: c: (expected: host or host:port)"),
                Arguments.of("a:1\nb c\n", ":2: b c (expected: host or host:port)"),
                Arguments.of("a:1\nb:70000\n", ":2: b:70000 (expected: host or host:port)"),
                Arguments.of("a:1\nhttp://b:2\n", ":2: http://b:2 (expected: host or host:port)"),
                Arguments.of("a:1\n\nb:2\na:1\n", ":4: a:1 (expected: each address once)"),
                Arguments.of("\n", ": 0 addresses (expected: 1..64)"),
                Arguments.of("# a:1\n", ": 0 addresses (expected: 1..64)"),
                Arguments.of("", ": ends amid a line (expected: an end of line after the last address)"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatCannotBeUsedIsRefusedAsAWholeAndTheListBeforeHolds(String text, String why) throws IOException {
        Files.writeString(file, "x:1\ny:2\n");
        assertThat(lookup.addresses()).containsExactly("x:1", "y:2");

        Files.writeString(file, text);

        assertThat(lookup.addresses()).containsExactly("x:1", "y:2");
        assertThat(lookup.addresses()).containsExactly("x:1", "y:2");
        assertThat(lookup.errors()).as("counted once, until it changes").isEqualTo(1);
        assertThatThrownBy(lookup::read).hasMessage(file + why);

        Files.writeString(file, "z:3\n");
        assertThat(lookup.addresses()).containsExactly("z:3");
    }

    @Test
    void aFileThatIsGoneChangesNothing() throws IOException {
        assertThat(lookup.addresses()).isEmpty();
        Files.writeString(file, "x:1\n");
        assertThat(lookup.addresses()).containsExactly("x:1");

        Files.delete(file);

        assertThat(lookup.addresses()).containsExactly("x:1");
        assertThat(lookup.errors()).isEqualTo(2);
    }
}
