package io.registry.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each program, by the command of the README and with another port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesIT {

    private ServerProcess server;

    @BeforeAll
    void startServer(@TempDir Path data) {
        server = ServerProcess.start(data);
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @Test
    void registerAndSubscribe() {
        try (Child program = start("RegisterAndSubscribe")) {
            assertThat(program.awaitEnd()).as(program.output()).isZero();
            assertThat(program.output())
                    .containsSubsequence(
                            "came     127.0.0.1:9002 weight=2.0 metadata={version=1}",
                            "changed  127.0.0.1:9002 weight=2.0 metadata={version=2}",
                            "gone     127.0.0.1:9001",
                            "gone     127.0.0.1:9002",
                            "done");
        }
    }

    @Test
    void persistentService() {
        try (Child program = start("PersistentService")) {
            assertThat(program.awaitEnd()).as(program.output()).isZero();
            assertThat(program.output())
                    .containsSubsequence(
                            "the server has of example-sessions: []",
                            "the server has of example-databases: [127.0.0.1:5432]",
                            "removed",
                            "the server has of example-databases: []",
                            "done");
        }
    }

    @Test
    void aServerThatIsNotThereIsSaid() {
        try (Child program = start("RegisterAndSubscribe", "--server", "127.0.0.1:1")) {
            assertThat(program.awaitEnd()).as(program.output()).isEqualTo(1);
            assertThat(program.output()).contains("UNREACHABLE", "Is a server running there?");
        }
    }

    @Test
    void aWrongOptionIsSaid() {
        try (Child program = start("RegisterAndSubscribe", "--sevrer", "127.0.0.1:1")) {
            assertThat(program.awaitEnd()).as(program.output()).isEqualTo(2);
            assertThat(program.output()).contains("--sevrer", "--server");
        }
    }

    /** Starts a program by the command of the README; further options stand for those of the test. */
    private Child start(String program, String... options) {
        List<String> command =
                new ArrayList<>(Objects.requireNonNull(Repository.commands().get(program), program));
        if (options.length == 0) {
            command.addAll(List.of("--server", server.address()));
        }
        command.addAll(List.of(options));
        return Child.start(Repository.root(), command);
    }
}
