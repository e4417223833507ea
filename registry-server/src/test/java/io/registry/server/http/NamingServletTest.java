package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.access.Principal;
import io.registry.server.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servlet in a real container, over a table of a few routes. */
class NamingServletTest {

    private static final Guard ANYBODY = new Guard() {
        @Override
        public AccessPolicy.Decision decide(Access access, HttpCall call) {
            return new AccessPolicy.Decision(Principal.ANONYMOUS, null);
        }

        @Override
        public @Nullable String nameGiven(Access access, HttpCall call) {
            return null;
        }
    };

    private static final CallWitness NOBODY = new CallWitness() {
        @Override
        public void answered(Access access, HttpCall call, Answer answer) {}

        @Override
        public void failed(Access access, HttpCall call, ErrorCode code) {}

        @Override
        public void refused(HttpCall call, @Nullable String name, String why) {}
    };

    @TempDir
    private static Path directory;

    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final int BODY_BYTES_MAX = 2 * 1024 * 1024;
    private static final Tomcat TOMCAT = new Tomcat();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final byte[] LONG = "x".repeat(4_000_000).getBytes(StandardCharsets.UTF_8);

    private static Routes routes() {
        Handler echo =
                call -> Answer.text(200, call.method() + " " + call.params().text("a", "-"));
        return new Routes()
                .add("GET", "/v1/ns/echo", Access.OPEN, Dialect.NAMING_V1, echo)
                .add("PATCH", "/v1/ns/echo", Access.OPEN, Dialect.NAMING_V1, echo)
                .add("GET", "/v2/ns/echo", Access.OPEN, Dialect.ENVELOPE, echo)
                .add("DELETE", "/v2/ns/echo", Access.OPEN, Dialect.ENVELOPE, echo)
                .add("GET", "/v1/ns/long", Access.OPEN, Dialect.NAMING_V1, call -> Answer.json(LONG, LONG, LONG))
                .add("GET", "/v1/ns/refuse", Access.OPEN, Dialect.NAMING_V1, call -> {
                    throw new RegistryException(ErrorCode.KIND_MISMATCH, "no");
                })
                .add("GET", "/v2/ns/break", Access.OPEN, Dialect.ENVELOPE, call -> {
                    throw new IllegalStateException("secret");
                });
    }

    @BeforeAll
    static void start() throws LifecycleException {
        TOMCAT.setBaseDir(directory.toString());
        TOMCAT.setPort(0);
        TOMCAT.getConnector().setProperty("address", "127.0.0.1");
        TOMCAT.getConnector().setProperty("minSpareThreads", "2");
        TOMCAT.getConnector().setProperty("maxThreads", "2");
        TOMCAT.getEngine().getPipeline().addValve(new UnreadBodies());
        Context context = TOMCAT.addContext("/nacos", null);
        Gate gate = (method, uri, path) -> path.equals("/v1/ns/closed") ? Answer.bare(503, "closed") : null;
        Wrapper servlet = Tomcat.addServlet(
                context,
                "naming",
                new NamingServlet(
                        routes(),
                        gate,
                        new Admission(ANYBODY, NOBODY),
                        new BodyBudget(BODY_BYTES_MAX, 3 * 1024 * 1024)));
        servlet.setAsyncSupported(true);
        servlet.addMapping("/*");
        TOMCAT.start();
    }

    @AfterAll
    static void stop() throws LifecycleException {
        TOMCAT.stop();
        TOMCAT.destroy();
    }

    private static HttpResponse<String> send(String method, String path, String contentType, String body)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + TOMCAT.getConnector().getLocalPort() + "/nacos" + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String line(String method, String path, String contentType, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> response = send(method, path, contentType, body);
        String type = response.headers().firstValue("Content-Type").orElse("none");
        return response.statusCode() + " " + type + " " + response.body();
    }

    @Test
    void aFormBodyIsReadWithAnyMethodAndOtherBodiesAreNot() throws Exception {
        String form = "application/x-www-form-urlencoded;charset=UTF-8";

        assertThat(line("PATCH", "/v1/ns/echo", form, "a=1")).isEqualTo("200 text/plain;charset=UTF-8 PATCH 1");
        assertThat(line("DELETE", "/v2/ns/echo", form, "a=1")).isEqualTo("200 text/plain;charset=UTF-8 DELETE 1");
        assertThat(line("PATCH", "/v1/ns/echo/", form, "a=1")).isEqualTo("200 text/plain;charset=UTF-8 PATCH 1");
        assertThat(line("PATCH", "/v1/ns/echo?a=2", form, "a=1")).isEqualTo("200 text/plain;charset=UTF-8 PATCH 2");
        assertThat(line("PATCH", "/v1/ns/echo", "application/json", "{\"a\":1}"))
                .isEqualTo("200 text/plain;charset=UTF-8 PATCH -");
    }

    @Test
    void whatIsNotThereIsAnsweredInTheWayOfItsFamily() throws Exception {
        assertThat(line("GET", "/v1/ns/nosuch", "", ""))
                .startsWith("501 application/json {\"timestamp\":\"")
                .endsWith("\"status\":501,\"error\":\"Not Implemented\","
                        + "\"message\":\"no such api:GET:/nacos/v1/ns/nosuch\",\"path\":\"/nacos/v1/ns/nosuch\"}");
        assertThat(line("POST", "/v1/ns/echo", "", "")).contains("no such api:POST:/nacos/v1/ns/echo");
        assertThat(line("GET", "/v2/ns/nosuch", "", ""))
                .startsWith("404 application/json")
                .contains("\"message\":\"No message available\"");
        HttpResponse<String> wrongMethod = send("PUT", "/v2/ns/echo", "", "");
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).contains("GET, DELETE");
        assertThat(wrongMethod.body()).contains("\"message\":\"Method 'PUT' is not supported.\"");
    }

    @Test
    void checksComeInTheirOrder() throws Exception {
        assertThat(line("GET", "/v1/ns/closed?serviceName=@@x", "", "")).isEqualTo("503 none closed");
        assertThat(line("GET", "/v1/ns/nosuch?serviceName=@@x", "", ""))
                .contains(
                        "Service name filter error,caused: Param 'serviceName' is illegal, groupName can't be empty;");
        assertThat(line("GET", "/v1/ns/nosuch?port=x", "", "")).startsWith("501");
        assertThat(line("GET", "/v1/ns/echo?port=x", "", ""))
                .isEqualTo("400 none Param 'port' is illegal, the value should be between 0 and 65535.\r\n");
        assertThat(raw("GET", "/v2/ns/echo?a=%zz", "", ""))
                .startsWith("HTTP/1.1 400")
                .contains("\"code\":20002");
    }

    @Test
    void refusalsAndFailuresShowNothingOfTheInside() throws Exception {
        assertThat(line("GET", "/v1/ns/refuse", "", ""))
                .isEqualTo("400 text/plain;charset=UTF-8 errCode: 400, errMsg: no ");
        assertThat(line("GET", "/v2/ns/break", "", ""))
                .isEqualTo("500 application/json {\"code\":30000,\"message\":\"server error\",\"data\":null}");
    }

    @Test
    void aBodyThatAnnouncesTooMuchIsRefusedBeforeItComes() throws Exception {
        try (Socket socket = open("PATCH /nacos/v1/ns/echo", FORM, "Content-Length: 20000000", "", "")) {
            String end = "(expected: at most 2097152 bytes)";
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf(end) < 0) {
                answer.append((char) socket.getInputStream().read());
            }
            assertThat(answer.toString()).startsWith("HTTP/1.1 413").endsWith("body too large " + end);
        }
    }

    @Test
    void theLargestBodyIsReadAndOneByteMoreIsNot() throws Exception {
        String form = "application/x-www-form-urlencoded";
        String largest = "a=" + "x".repeat(BODY_BYTES_MAX - 2);
        String chunk = Integer.toHexString(BODY_BYTES_MAX + 1);

        assertThat(line("PATCH", "/v1/ns/echo", form, largest)).startsWith("200");
        assertThat(line("PATCH", "/v1/ns/echo", form, largest + "x")).startsWith("413");
        assertThat(raw(
                        "PATCH",
                        "/v1/ns/echo",
                        FORM,
                        "Transfer-Encoding: chunked",
                        "",
                        chunk,
                        largest + "x",
                        "0",
                        "",
                        ""))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void aBodyWithoutALengthIsReadToItsEnd() throws Exception {
        assertThat(raw(
                        "PATCH",
                        "/v1/ns/echo",
                        FORM,
                        "Transfer-Encoding: chunked",
                        "",
                        "3",
                        "a=1",
                        "2",
                        "23",
                        "0",
                        "",
                        ""))
                .startsWith("HTTP/1.1 200")
                .endsWith("PATCH 123");
    }

    @Test
    void aForeignPreflightAndAnOddPathAreRefused() throws Exception {
        assertThat(raw(
                        "OPTIONS",
                        "/v1/ns/echo",
                        "Origin: http://example.com",
                        "Access-Control-Request-Method: GET",
                        "",
                        ""))
                .startsWith("HTTP/1.1 403")
                .endsWith("Invalid CORS request");
        assertThat(raw("GET", "/v1/ns/echo;x=1", "", ""))
                .startsWith("HTTP/1.1 400")
                .contains("malformed path");
    }

    @Test
    void bodiesThatStallAndAnswersThatNobodyReadsHoldNoThread() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                sockets.add(open("PATCH /nacos/v1/ns/echo", FORM, "Content-Length: 5", "", "a=1"));
                sockets.add(open("GET /nacos/v1/ns/long", "", ""));
            }
            for (int i = 0; i < 10; i++) {
                sockets.add(open("PATCH /nacos/v1/ns/echo", FORM, "Content-Length: 20000000", "", "a=1"));
                sockets.add(open("POST /nacos/v2/nosuch", "Content-Length: 50", "", "a=1"));
            }

            assertThat(line("GET", "/v1/ns/echo?a=here", "", "")).endsWith("GET here");

            for (int i = 0; i < 20; i += 2) {
                Socket stalled = sockets.get(i);
                stalled.getOutputStream().write("23".getBytes(StandardCharsets.ISO_8859_1));
                assertThat(readAll(stalled)).startsWith("HTTP/1.1 200").endsWith("PATCH 123");
                assertThat(readAll(sockets.get(i + 1)))
                        .startsWith("HTTP/1.1 200")
                        .hasSizeGreaterThan(3 * LONG.length)
                        .endsWith("xxx");
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void bodiesUnderWayHaveABoundTogether() throws Exception {
        String most = "a=" + "1".repeat(1_800_000);
        Socket[] first = {unfinished(most)};
        // Until the first has been read so far, there is room for the second, which may even take the room of the
        // first.
        Await.until("no room for a second body", Duration.ofSeconds(20), () -> {
            try (Socket second = open("PATCH /nacos/v1/ns/echo", FORM, "Content-Length: 1800003", "", most + "1")) {
                boolean refused = readAll(second).startsWith("HTTP/1.1 503");
                if (!refused && first[0].getInputStream().available() > 0) {
                    first[0].close();
                    first[0] = unfinished(most);
                }
                return refused;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        try (Socket kept = first[0]) {
            kept.getOutputStream().write('1');
            assertThat(readAll(kept)).startsWith("HTTP/1.1 200");
        }
        assertThat(raw("PATCH", "/v1/ns/echo", FORM, "Content-Length: 1800002", "", most))
                .startsWith("HTTP/1.1 200");
    }

    /** Sends a body but for its last byte. */
    private static Socket unfinished(String most) throws IOException {
        return open("PATCH /nacos/v1/ns/echo", FORM, "Content-Length: 1800003", "", most);
    }

    private static Socket open(String request, String... lines) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), TOMCAT.getConnector().getLocalPort());
        socket.setSoTimeout(10_000);
        String head = request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        socket.getOutputStream().write((head + String.join("\r\n", lines)).getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Sends the lines as they are, which a client library would not. */
    private static String raw(String method, String path, String... lines) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), TOMCAT.getConnector().getLocalPort())) {
            socket.setSoTimeout(10_000);
            String head = method + " /nacos" + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
            OutputStream out = socket.getOutputStream();
            out.write((head + String.join("\r\n", lines)).getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
