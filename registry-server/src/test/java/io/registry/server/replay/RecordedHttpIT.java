package io.registry.server.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryProcess;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Replays recorded requests in their order and compares the answers. Each is a test of its own, named by its number in the
 * conformance checklist; a later one may need what an earlier one left.
 */
class RecordedHttpIT {

    private static final List<String> FIRST_AND_SECOND_API =
            List.of("1-v1.jsonl", "2-catalog.jsonl", "3-operate.jsonl", "4-v2.jsonl", "5-odd.jsonl");
    private static final List<String> THIRD_API = List.of("6-v3.jsonl");
    private static final List<String> REAL_CLIENTS = List.of("7-clients.jsonl");
    private static final List<String> STACK_TRACES =
            List.of("\tat ", "Exception", "io.registry", "org.springframework");
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    @TestFactory
    Stream<DynamicTest> answersOfTheFirstAndSecondApiAreAsRecorded() {
        return replay(FIRST_AND_SECOND_API);
    }

    @TestFactory
    Stream<DynamicTest> answersOfTheThirdApiAreAsRecorded() {
        return replay(THIRD_API);
    }

    /** The calls that real clients were seen to make, in a namespace for each client, where the answers matter to them. */
    @TestFactory
    Stream<DynamicTest> callsOfRealClientsAreServed() {
        return replay(REAL_CLIENTS);
    }

    private static Stream<DynamicTest> replay(List<String> files) {
        RegistryProcess server = RegistryProcess.start();
        WireClient client = new WireClient(server.port());
        return files.stream()
                .flatMap(file -> Recording.load(file, server.port()).stream())
                .map(r -> DynamicTest.dynamicTest(r.id(), () -> verify(client, r)))
                .onClose(server::close);
    }

    private static void verify(WireClient client, Recording recording) {
        long deadline = System.nanoTime() + recording.within().toNanos();
        while (true) {
            WireClient.Answer answer = client.send(
                    recording.method(),
                    recording.path(),
                    withoutToken(recording.query()),
                    recording.headers(),
                    recording.body());
            String difference = difference(recording.expected(), answer);
            if (difference == null) {
                return;
            }
            if (System.nanoTime() - deadline >= 0) {
                assertThat(difference).as("%s answered %s", recording, answer).isNull();
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** The token that clients had from the recorded server; here it is the administrator who calls. */
    private static @Nullable String withoutToken(@Nullable String query) {
        return query == null ? null : query.replace("accessToken=tok", "accessToken=");
    }

    private static @Nullable String difference(Recording.Expected expected, WireClient.Answer answer) {
        if (answer.status() != expected.status()) {
            return "status " + answer.status() + " (expected " + expected.status() + ")";
        }
        String contentType = expected.contentType();
        if (!Objects.equals(contentType, "any") && !Objects.equals(normal(contentType), normal(answer.contentType()))) {
            return "content type " + answer.contentType() + " (expected " + contentType + ")";
        }
        JsonNode json = expected.json();
        if (json != null) {
            return jsonDifference(json, answer.body(), expected);
        }
        String text = expected.text();
        if (text != null && !text.equals(answer.body())) {
            return "body " + answer.body() + " (expected " + text + ")";
        }
        if (expected.refusal()) {
            return STACK_TRACES.stream()
                    .filter(answer.body()::contains)
                    .findFirst()
                    .map(s -> "body holds " + s)
                    .orElse(null);
        }
        String series = answer.body().replace(",}", "}");
        return expected.series().stream()
                .filter(s -> !series.contains("\n" + s + " "))
                .findFirst()
                .map(s -> "series " + s + " is missing")
                .orElse(null);
    }

    private static @Nullable String jsonDifference(JsonNode json, String body, Recording.Expected expected) {
        try {
            JsonNode actual = new WireClient.Answer(expected.status(), null, null, body).json();
            return JsonDifference.between(json, actual, expected.rules());
        } catch (JacksonException e) {
            return "not JSON: " + body;
        }
    }

    private static @Nullable String normal(@Nullable String contentType) {
        return contentType == null ? null : contentType.replace(" ", "").toLowerCase(Locale.ROOT);
    }
}
