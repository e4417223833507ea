package io.registry.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.proto.payload.RequestPayload;
import io.registry.server.boot.AccessTable.Caller;
import io.registry.server.boot.AccessTable.Row;
import io.registry.server.boot.AccessTable.Said;
import io.registry.server.http.Route;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.SdkConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may do what: every mapping and every type of request that the server has, as it says itself, by every kind of caller and
 * about services of every width, against a table of what each asks. What is in no row of the table fails.
 */
class AccessMatrixTest {

    /** Where clients have to log in. */
    @Nested
    class Required extends Matrix {
        Required() {
            super(false);
        }
    }

    /** Where they need not: what is for operators asks for them all the same. */
    @Nested
    class Open extends Matrix {
        Open() {
            super(true);
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Matrix {

        private final boolean open;
        private AccessServer server;

        Matrix(boolean open) {
            this.open = open;
        }

        @BeforeAll
        void start(@TempDir Path directory) {
            server = AccessServer.start(directory.resolve("data"), open);
        }

        @AfterAll
        void stop() {
            server.close();
        }

        @Test
        void everyMappingAsksWhatTheTableSays() throws IOException {
            Map<String, Row> table = AccessTable.read("access/mappings.txt");
            Map<String, String> wrong = new TreeMap<>();
            List<String> mappings = new ArrayList<>();
            for (Route route : server.routes()) {
                String mapping = route.method() + " " + route.path();
                mappings.add(mapping);
                // One that is in no row is found below.
                Row row = table.get(mapping);
                if (row != null) {
                    for (Said said : row.ways(open)) {
                        String path = said.path(route.path()) + "?" + said.query();
                        findWrong(row, said, route.method(), path, said.form(), wrong);
                    }
                }
            }

            assertThat(mappings).containsExactlyInAnyOrderElementsOf(table.keySet());
            assertThat(wrong).isEmpty();
        }

        @Test
        void everyTypeOfRequestAsksWhatTheTableSays() throws IOException {
            Map<String, Row> table = AccessTable.read("access/payloads.txt");
            Map<String, String> wrong = new TreeMap<>();
            List<String> types = types(RequestPayload.class);
            try (SdkConnection connection = SdkConnection.openAt("127.0.0.1", server.grpcPort())) {
                connection.check();
                connection.setup(SdkConnection.SETUP);
                connection.awaitPush("SetupAckRequest");
                for (String type : types) {
                    Row row = table.get(type);
                    if (row != null) {
                        findWrong(row, type, connection, wrong);
                    }
                }
            }

            assertThat(types).containsExactlyInAnyOrderElementsOf(table.keySet());
            assertThat(wrong).isEmpty();
        }

        /** Clients ask for the status alone before they trust a server; what else the same call tells is for operators. */
        @Test
        void moreThanTheStatusAsksForAnOperator() {
            Map<String, String> wrong = new TreeMap<>();
            Row row = Row.of("operator", "discover", "all");
            for (String path : List.of("/v1/ns/operator/metrics", "/v2/ns/ops/metrics", "/v3/admin/ns/ops/metrics")) {
                findWrong(row, Said.UNSPACED, "GET", path + "?onlyStatus=false", "", wrong);
            }

            assertThat(wrong).isEmpty();
        }

        @Test
        void figuresAskForAnyUserWhereTheyAreNotOpenAndHealthForNobody() {
            Map<String, String> wrong = new TreeMap<>();
            findWrong(
                    Row.of(open ? "open" : "user", "-", "-"), Said.UNSPACED, "GET", "/actuator/prometheus", "", wrong);
            for (String probe : List.of("", "/liveness", "/readiness")) {
                findWrong(Row.of("open", "-", "-", "200"), Said.UNSPACED, "GET", "/actuator/health" + probe, "", wrong);
            }

            assertThat(wrong).isEmpty();
        }

        /** Has a call made by all callers for whom this way to say it makes a difference, at once. */
        private void findWrong(
                Row row, Said said, String method, String pathAndQuery, String form, Map<String, String> wrong) {
            Map<Caller, CompletableFuture<HttpResponse<String>>> answers = new LinkedHashMap<>();
            for (Caller caller : server.callers()) {
                if (caller.isKnown() || said == Said.UNSPACED) {
                    answers.put(caller, server.send(method, pathAndQuery, form, caller.token()));
                }
            }
            answers.forEach((caller, coming) -> {
                HttpResponse<String> answer = coming.join();
                String expected = row.refusal(caller, said, open);
                if (!isRight(answer, row, expected)) {
                    String body = answer.body();
                    wrong.put(
                            method + " " + pathAndQuery + " " + form + " by " + caller.name(),
                            expected + ", but " + answer.statusCode() + " "
                                    + body.substring(0, Math.min(200, body.length())));
                }
            });
        }

        private static boolean isRight(HttpResponse<String> answer, Row row, @Nullable String why) {
            int status = answer.statusCode();
            if (why != null) {
                return status == 403
                        && answer.body().contains(why)
                        && answer.body().contains("\"Forbidden\"");
            }
            return row.status() == 0 ? status < 500 && status != 403 : status == row.status();
        }

        private void findWrong(Row row, String type, SdkConnection connection, Map<String, String> wrong) {
            for (Said said : row.ways(open)) {
                if (said == Said.GROUPED) {
                    // Over gRPC the name of a service has no group in it.
                    continue;
                }
                for (Caller caller : server.callers()) {
                    Map<String, String> headers =
                            caller.token() == null ? Map.of() : Map.of("accessToken", caller.token());
                    Message answer = connection.request(type, said.body(type), headers);
                    String expected = row.refusal(caller, said, open);
                    if (!isRight(answer, row, said, expected)) {
                        wrong.put(type + " " + said + " by " + caller.name(), expected + ", but " + answer);
                    }
                }
            }
        }

        private static boolean isRight(Message answer, Row row, Said said, @Nullable String why) {
            int error = answer.errorCode();
            if (why != null) {
                return error == 403
                        && answer.resultCode() == 500
                        && answer.text("message").equals(why)
                        && !answer.type().equals("ErrorResponse");
            }
            if (row.status() != 0) {
                return error == row.status();
            }
            // What names nothing is refused for that, but not before it is looked at who asks.
            return said == Said.NOTHING
                    ? error < 500 && error != 403 && !answer.type().equals("ErrorResponse")
                    : answer.resultCode() == 200;
        }
    }

    private static List<String> types(Class<?> family) {
        List<String> types = new ArrayList<>();
        for (Class<?> each : Objects.requireNonNullElse(family.getPermittedSubclasses(), new Class<?>[0])) {
            if (each.isRecord()) {
                types.add(each.getSimpleName());
            } else {
                types.addAll(types(each));
            }
        }
        return types;
    }
}
