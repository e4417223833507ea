package io.registry.server.raft.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.server.secret.PeerSecret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerServerTest {

    private static final PeerSecret SECRET = new PeerSecret("test", "a secret of the tests");
    private static final String MARK = "registry-raft-1\n";
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int HEARD_BYTES_MAX = 1 << 16;
    private static final byte[] QUESTION = "what?".getBytes(StandardCharsets.US_ASCII);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private InetSocketAddress address;
    private PeerServer server;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
        server = new PeerServer(SECRET, null, (kind, question) -> question, threads);
        server.open(address);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    @Test
    void whoKnowsTheSecretIsAnswered() throws IOException {
        assertThat(ask(SECRET)).isEqualTo(QUESTION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"another secret of the tests", ""})
    void whoKnowsAnotherOneIsNot(String other) {
        PeerSecret wrong = other.isEmpty() ? new PeerSecret("another", SECRET.secret()) : new PeerSecret("test", other);

        assertThatThrownBy(() -> ask(wrong)).isInstanceOf(PeerClient.Unreached.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 a TLS client says so",
                "registry-raft-2\n0123456789abcdef",
                ""
            })
    void whoeverElseSpeaksIsToldNothing(String words) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();

            assertThat(heard(socket)).isEmpty();
        }
    }

    /** No byte comes too late for the one before it; all of them together do. */
    @Test
    void aHandshakeHasOneTimeForAllOfIt() throws IOException, InterruptedException {
        try (Socket slow = connect();
                Socket silent = connect()) {
            CompletableFuture<Integer> sent = CompletableFuture.supplyAsync(() -> trickle(slow), threads);

            assertThat(heard(silent)).isEmpty();
            heard(slow);
            assertThat(sent.join()).as("bytes that were taken").isLessThan(MARK.length() + PeerSecret.NONCE_BYTES);
        }
    }

    private static int trickle(Socket socket) {
        byte[] hello = (MARK + "0123456789abcdef").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < hello.length; i++) {
            try {
                socket.getOutputStream().write(hello[i]);
                // Nothing is waited for: the slowness is what is tried.
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (IOException e) {
                return i;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return i;
            }
        }
        return hello.length;
    }

    @Test
    void aCrowdThatProvesNothingKeepsNoMemberOut() throws IOException {
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = connect();
                socket.getOutputStream().write(MARK.getBytes(StandardCharsets.US_ASCII));
                crowd.add(socket);
            }

            assertThat(ask(SECRET)).isEqualTo(QUESTION);
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
    }

    /** What a member has said once opens no door a second time. */
    @Test
    void aHandshakeThatIsRepeatedIsRefused() throws IOException {
        byte[] said;
        try (Tap tap = new Tap(address, threads)) {
            try (PeerClient client = new PeerClient(tap.address(), SECRET, null)) {
                assertThat(client.call(1, QUESTION, PATIENCE_MILLIS)).isEqualTo(QUESTION);
            }
            said = tap.said();
        }

        try (Socket socket = connect()) {
            socket.getOutputStream().write(said);
            socket.shutdownOutput();

            assertThat(heard(socket))
                    .as("a mark and a nonce, which anybody gets who begins like a member")
                    .hasSize(MARK.length() + PeerSecret.NONCE_BYTES);
        }
    }

    /** As one whose machine has gone: nothing is read, and nobody hangs up. */
    @Test
    @Tag("long")
    void aMemberThatReadsNothingMoreHoldsNobodyForMinutes() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        PeerServer deaf = new PeerServer(SECRET, null, (kind, question) -> await(over), threads);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = (InetSocketAddress) free.getLocalSocketAddress();
        }
        deaf.open(address);
        try (PeerSocket socket = PeerSocket.connect(address, SECRET, null)) {
            byte[] question = new byte[PeerSocket.FRAME_BYTES_MAX];
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            socket.send(new PeerSocket.Frame(1, question));
                        }
                    })
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("frame not sent within 30000 ms");
        } finally {
            over.countDown();
            deaf.close();
        }
    }

    private static byte[] await(CountDownLatch over) {
        try {
            over.await();
            return new byte[0];
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] ask(PeerSecret secret) throws IOException {
        try (PeerClient client = new PeerClient(address, secret, null)) {
            return client.call(1, QUESTION, PATIENCE_MILLIS);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Returns all that comes until the server closes the connection. */
    private static byte[] heard(Socket socket) throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0 && heard.size() < HEARD_BYTES_MAX;
                    next = socket.getInputStream().read()) {
                heard.write(next);
            }
        } catch (SocketException e) {
            // Reset, since something of ours was not read: closed all the same.
        }
        return heard.toByteArray();
    }
}
