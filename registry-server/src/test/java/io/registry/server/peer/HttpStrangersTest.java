package io.registry.server.peer;

import static io.registry.server.peer.DistroTransportContract.PATIENCE;
import static io.registry.server.peer.DistroTransportContract.awaitHearing;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.model.NodeId;
import io.registry.server.peer.PeerFixture.TestNode;
import io.registry.server.secret.PeerSecret;
import io.registry.server.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever comes to the path of replication and is no member: what it is answered, and that members notice nothing. */
class HttpStrangersTest {

    private static final String ANY = "0123456789abcdef0123456789abcdef";

    private final PeerFixture fixture = new PeerFixture(PeerFixture.Over.HTTP);
    private final HttpClient http = HttpClient.newHttpClient();
    private TestNode one;
    private TestNode two;

    @BeforeEach
    void start() {
        one = fixture.start(fixture.config("one", 1));
        two = fixture.start(fixture.config("two", 1));
        awaitHearing(two, one);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  |                        | 405 method (expected: PUT)",
                "PUT  |                        | 400 Registry-Say, Registry-Listen: none (expected: one of them)",
                "PUT  | Say: 1, Listen: 1      | 400 Registry-Say, Registry-Listen: both (expected: one of them)",
                "PUT  | Say: x                 | 400 Registry-Say: malformed (expected: a number from 1)",
                "PUT  | Say: 1234567890123456789| 400 Registry-Say: malformed (expected: a number from 1)",
                "PUT  | Say: 2                 | 400 Registry-Stream: none (expected: one, but for Registry-Say: 1)",
                "PUT  | Listen: 1              | 400 Registry-Stream: none (expected: one, but for Registry-Say: 1)",
                "PUT  | Stream: x, Say: 1      | 400 Registry-Stream: malformed (expected: 32 hexadecimal digits)",
                "PUT  | Stream: any, Say: 1    | 404 Registry-Stream: unknown (expected: one that was opened and has not ended)",
            })
    void whatMakesNoSenseIsAnswered(String method, String headers, String expected) throws Exception {
        HttpRequest.Builder request = request().method(method, BodyPublishers.noBody());
        for (String header : headers == null ? new String[0] : headers.split(", ", -1)) {
            String[] parts = header.split(": ", -1);
            request.header("Registry-" + parts[0], parts[1].equals("any") ? ANY : parts[1]);
        }

        assertThat(shown(send(request))).isEqualTo(expected);
    }

    @Test
    void aFirstWordThatIsNoMembersIsRefused() throws Exception {
        assertThat(shown(open(frames("hello".getBytes(StandardCharsets.UTF_8)))))
                .startsWith("403 not a member's Hello");
        assertThat(shown(open(new byte[] {1, 2, 3}))).isEqualTo("400 body: frame 1 goes beyond its end");
        assertThat(shown(open(frames(hello("another cluster")))))
                .startsWith("403 registry.cluster.name: another cluster");
        Await.until("refusals", PATIENCE, () -> one.channel.refusals().sum() >= 3);
    }

    @Test
    void aLongBodyOfAStrangerIsNotRead() throws Exception {
        String announced = shown(open(new byte[100_000]));
        String inPieces = shown(send(request()
                .header("Registry-Say", "1")
                .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[8_000])))));

        assertThat(announced).isEqualTo("413 body: too long (expected: at most 4096 bytes)");
        assertThat(inPieces).isEqualTo("413 body: too long (expected: at most 4096 bytes)");
    }

    /** A request that was answered is answered the same again; one that is not its turn is refused, and does no harm. */
    @Test
    void numbersKeepTheirOrder() throws Exception {
        HttpResponse<byte[]> opened = open(frames(hello("registry")));
        assertThat(opened.statusCode()).isEqualTo(200);
        String stream = opened.headers().firstValue("Registry-Stream").orElseThrow();

        byte[] challenge = send(line(stream, "Listen", 1)).body();

        assertThat(challenge).hasSizeGreaterThan(16);
        assertThat(send(line(stream, "Listen", 1)).body()).isEqualTo(challenge);
        assertThat(shown(send(line(stream, "Listen", 3)))).isEqualTo(turn("Listen", 3, 2));
        assertThat(shown(send(line(stream, "Listen", 0)))).isEqualTo(turn("Listen", 0, 2));
        assertThat(send(line(stream, "Say", 1)).statusCode()).isEqualTo(200);
        assertThat(shown(send(line(stream, "Say", 3)))).isEqualTo(turn("Say", 3, 2));
        assertThat(shown(send(said(stream, 2, frames(new byte[40]))))).startsWith("403 not a member's Proof");
        assertThat(shown(send(line(stream, "Listen", 2)))).startsWith("404 ");
    }

    /** Connections overtake one another, and the caller waits on the last one. */
    @Test
    void anEarlierCopyOfARequestTakesNoAnswerAway() throws Exception {
        HttpResponse<byte[]> opened = open(frames(hello("registry")));
        String stream = opened.headers().firstValue("Registry-Stream").orElseThrow();
        byte[] challenge =
                send(line(stream, "Listen", 1).header("Registry-Repeats", "1")).body();

        assertThat(shown(send(line(stream, "Listen", 1)))).isEqualTo("409 the same request has come again");
        assertThat(send(line(stream, "Listen", 1).header("Registry-Repeats", "2"))
                        .body())
                .isEqualTo(challenge);
        assertThat(shown(send(line(stream, "Listen", 2).header("Registry-Repeats", "x"))))
                .isEqualTo("400 Registry-Repeats: malformed (expected: a number from 1)");
        CompletableFuture<HttpResponse<byte[]>> waiting =
                begin(line(stream, "Listen", 2).header("Registry-Repeats", "3"));
        // Until the one before it is here, this is not its turn; from then on it is the earlier copy.
        Await.until(
                "the later copy to wait",
                PATIENCE,
                () -> shown(begin(line(stream, "Listen", 3)).join()).equals(turn("Listen", 3, 3)));
        assertThat(shown(send(line(stream, "Listen", 2).header("Registry-Repeats", "2"))))
                .isEqualTo("409 the same request has come again");
        assertThat(waiting).isNotDone();
        assertThat(send(said(stream, 2, frames(new byte[40]))).statusCode()).isEqualTo(403);
        assertThat(shown(waiting.join())).startsWith("403 not a member's Proof");
    }

    @Test
    void aStrangerIsHeardOutForSoLongOnly() throws Exception {
        HttpResponse<byte[]> opened = open(frames(hello("registry")));
        String stream = opened.headers().firstValue("Registry-Stream").orElseThrow();

        assertThat(send(line(stream, "Listen", 1)).statusCode()).isEqualTo(200);
        assertThat(shown(send(line(stream, "Listen", 2)))).isEqualTo("403 no handshake within 3000 ms");
    }

    @Test
    @Tag("long")
    void manyStrangersKeepNoMemberOut() {
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < PeerFixture.LIMITS.sockets() * 4; i++) {
            answers.add(begin(request().header("Registry-Say", "1").PUT(ofAll(frames(hello("registry"))))));
        }
        List<String> shown =
                answers.stream().map(answer -> shown(answer.join())).toList();

        assertThat(shown)
                .contains("200 ", "503 streams under way to prove themselves: 16 (expected: fewer; try again later)");
        awaitHearing(two, one);
        TestNode three = fixture.start(fixture.config("three", 1));
        awaitHearing(three, one);
    }

    /** The port has three threads. */
    @Test
    void bodiesThatDoNotComeHoldNoThread() throws IOException {
        List<Socket> silent = sockets(20);
        try {
            awaitHearing(two, one);
            awaitHearing(one, two);
        } finally {
            closeAll(silent);
        }
    }

    @Test
    @Tag("long")
    void aBodyThatDoesNotComeIsGivenUp() throws IOException {
        List<Socket> silent = sockets(5);
        try {
            for (Socket socket : silent) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer).startsWith("HTTP/1.1 408 ").endsWith("not complete in time");
            }
        } finally {
            closeAll(silent);
        }
    }

    /** Returns connections that have announced more than they have sent. */
    private List<Socket> sockets(int count) throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), one.port());
            silent.add(socket);
            socket.getOutputStream()
                    .write(("PUT /nacos/v1/ns/distro/datum HTTP/1.1\r\nHost: x\r\nRegistry-Say: 1\r\n"
                                    + "Content-Length: 4000\r\n\r\nx")
                            .getBytes(StandardCharsets.US_ASCII));
        }
        return silent;
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void nonsenseIsAnsweredAndDoesNoHarm() throws Exception {
        Random random = new Random(1);
        Set<Integer> expected = Set.of(200, 202, 400, 403, 404, 405, 409, 413, 503);
        HttpResponse<byte[]> opened = open(frames(hello("registry")));
        String stream = opened.headers().firstValue("Registry-Stream").orElseThrow();

        int hungUp = 0;
        for (int i = 0; i < 100; i++) {
            byte[] body = new byte[random.nextInt(random.nextInt(8) == 0 ? 20_000 : 300)];
            random.nextBytes(body);
            HttpRequest.Builder request = request()
                    .method(
                            random.nextInt(8) == 0 ? "POST" : "PUT",
                            random.nextBoolean() ? ofAll(body) : inPieces(body));
            if (random.nextInt(3) > 0) {
                request.header("Registry-Stream", random.nextBoolean() ? stream : ANY);
            }
            if (random.nextInt(5) > 0) {
                request.header("Registry-Say", Integer.toString(random.nextInt(4)));
            }
            if (random.nextInt(3) == 0) {
                request.header("Registry-Last", "true");
            }
            try {
                assertThat(expected).contains(send(request).statusCode());
            } catch (IOException e) {
                // Answered before the whole body was there, which is then not read.
                hungUp++;
            }
        }

        assertThat(hungUp).isLessThan(50);
        awaitHearing(two, one);
        awaitHearing(one, two);
        assertThat(one.to(two).connects.sum()).isEqualTo(1);
    }

    private static String turn(String kind, int number, int expected) {
        return "409 Registry-" + kind + ": " + number + " (expected: " + expected
                + ", when the one before is answered)";
    }

    private static byte[] hello(String cluster) {
        PeerConfig config = new PeerConfig(
                new NodeId("stranger"),
                1,
                new PeerSecret(cluster, "a secret of its own"),
                new InetSocketAddress(0),
                PeerConfig.Versions.CURRENT,
                PeerFixture.LIMITS);
        return new Handshake(config).hello();
    }

    private static byte[] frames(byte[] frame) {
        return ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + one.port() + "/nacos/v1/ns/distro/datum"))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(PATIENCE);
    }

    private HttpRequest.Builder line(String stream, String kind, int number) {
        return request()
                .header("Registry-Stream", stream)
                .header("Registry-" + kind, Integer.toString(number))
                .PUT(BodyPublishers.noBody());
    }

    private HttpRequest.Builder said(String stream, int number, byte[] body) {
        return line(stream, "Say", number).PUT(ofAll(body));
    }

    private static BodyPublisher ofAll(byte[] body) {
        return BodyPublishers.ofByteArray(body);
    }

    private static BodyPublisher inPieces(byte[] body) {
        return BodyPublishers.ofInputStream(() -> (InputStream) new ByteArrayInputStream(body));
    }

    private HttpResponse<byte[]> open(byte[] body) throws IOException, InterruptedException {
        return send(request().header("Registry-Say", "1").PUT(ofAll(body)));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private CompletableFuture<HttpResponse<byte[]>> begin(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String shown(HttpResponse<byte[]> response) {
        return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }
}
