package io.registry.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.junit.RegistryExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each program, by the command of the README and with another port. */
class ExamplesIT {

    @RegisterExtension
    static final RegistryExtension SERVER = RegistryExtension.create();

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
    void failover() {
        try (Child program = start("FailoverDemo")) {
            program.awaitOutput("NOW STOP THE SERVER");
            SERVER.stop();
            program.awaitOutput("NOW START THE SERVER AGAIN");
            SERVER.start();

            assertThat(program.awaitEnd()).as(program.output()).isZero();
            assertThat(program.output())
                    .containsSubsequence(
                            "the consumer knows [9101, 9102]",
                            "connection: SWITCHING",
                            "from memory, the consumer knows [9101, 9102]",
                            "from the file, a consumer that starts now knows [9101, 9102]",
                            "switched on, the consumer knows [9101, 9199]",
                            "switched off, the consumer knows [9101, 9102]",
                            "connected again",
                            "gone meanwhile: 0");
        }
    }

    @Test
    void callByName() {
        try (Child provider = start("CallByNameProvider")) {
            provider.awaitOutput("serving");
            try (Child consumer = start("CallByNameConsumer")) {
                assertThat(consumer.awaitEnd()).as(consumer.output()).isZero();
                assertThat(consumer.output())
                        .containsSubsequence("  came ", "  gone ")
                        .contains("failed: 0", "answers by instance: {127.0.0.1:");
            }
            provider.stop();
            provider.awaitEnd();
            assertThat(provider.output()).endsWith("left");
            assertThat(list("example-greetings")).contains("\"hosts\":[]");
        }
    }

    @Test
    void loadGenerator() {
        try (Child program = start("LoadGenerator")) {
            assertThat(program.awaitEnd()).as(program.output()).isZero();
            assertThat(program.output())
                    .contains("10 clients have registered 10 instances each", "   5 s ", "failed: 0")
                    .containsPattern("register +[1-9]\\d* +\\d+\\.\\d\\d +\\d+\\.\\d\\d")
                    .containsPattern("query +[1-9]\\d* ")
                    .containsPattern("change to listener +[1-9]\\d* ");
            assertThat(list("example-load-0")).contains("\"hosts\":[]");
        }
    }

    @Test
    void theLoadGeneratorSumsUpAtCtrlC() {
        try (Child program = start("LoadGenerator", "--server", SERVER.serverAddr(), "--seconds", "3600")) {
            program.awaitOutput("   1 s ");
            program.stop();
            program.awaitEnd();
            assertThat(program.output()).containsSubsequence("left before the end", "failed: 0", "register");
        }
    }

    @Test
    void noLoadIsPutOnOtherMachines() {
        try (Child program = start("LoadGenerator", "--server", "192.0.2.1:8848")) {
            assertThat(program.awaitEnd()).as(program.output()).isEqualTo(2);
            assertThat(program.output()).contains("--server: 192.0.2.1:8848", "--allow-remote");
        }
    }

    @Test
    void aNumberOutOfItsBoundsIsSaid() {
        try (Child program = start("LoadGenerator", "--clients", "0")) {
            assertThat(program.awaitEnd()).as(program.output()).isEqualTo(2);
            assertThat(program.output()).contains("--clients: 0 (expected: 1..1000)");
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

    /** Returns what the server shows of a service. */
    private String list(String service) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://" + SERVER.serverAddr() + "/nacos/v1/ns/instance/list?serviceName=" + service))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts a program by the command of the README; without options, against the test's SERVER. */
    private Child start(String program, String... options) {
        List<String> shown =
                Objects.requireNonNull(Repository.commands(Repository.PROGRAMS).get(program), program);
        List<String> command = new ArrayList<>(options.length == 0 ? shown : shown.subList(0, 4));
        command.addAll(options.length == 0 ? List.of("--server", SERVER.serverAddr()) : List.of(options));
        return Child.start(Repository.root(), command);
    }
}
