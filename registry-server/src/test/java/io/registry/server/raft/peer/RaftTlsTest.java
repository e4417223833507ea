package io.registry.server.raft.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.server.secret.PeerSecret;
import io.registry.server.sockets.SocketTls;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.SslManagerBundle;

/** Members that show each other certificates on the Raft port, made for the test. */
class RaftTlsTest {

    private static final PeerSecret SECRET = new PeerSecret("test", "a secret of the tests");
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String QUESTION = "the hash of a password";

    @TempDir
    private static Path directory;

    private static SslManagerBundle own;
    private static SslManagerBundle foreign;
    private static boolean warm;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<PeerServer> servers = new ArrayList<>();

    @BeforeAll
    static void issue() throws IOException {
        own = TestCertificates.managers(Files.createDirectory(directory.resolve("own")));
        foreign = TestCertificates.managers(Files.createDirectory(directory.resolve("foreign")));
    }

    /** The first handshake of a process loads what TLS needs, which alone may take as long as a handshake may. */
    @BeforeEach
    void warmUp() throws IOException {
        if (!warm) {
            SocketTls tls = tls(Step.REQUIRED, own);
            InetSocketAddress address = serve(tls);
            Await.until("a handshake", Duration.ofMillis(3L * PATIENCE_MILLIS), () -> answers(address, tls));
            warm = true;
        }
    }

    private static boolean answers(InetSocketAddress address, SocketTls tls) {
        try {
            return ask(address, tls).equals(QUESTION);
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (PeerServer server : servers) {
            server.close();
        }
        threads.shutdownNow();
    }

    /** Each step of a change-over, with the called one step behind, level, or one ahead. */
    @ParameterizedTest
    @CsvSource({
        "OFF, OPTIONAL, plain",
        "OPTIONAL, OFF,",
        "OPTIONAL, OPTIONAL, plain",
        "OPTIONAL, PREFERRED, plain",
        "PREFERRED, OPTIONAL, tls",
        "PREFERRED, PREFERRED, tls",
        "PREFERRED, REQUIRED, tls",
        "REQUIRED, PREFERRED, tls",
        "REQUIRED, REQUIRED, tls"
    })
    void membersAnswerEachOther(Step caller, Step called, @Nullable String counted) throws IOException {
        SocketTls tls = tls(called, own);
        InetSocketAddress address = serve(tls);

        assertThat(ask(address, tls(caller, own))).isEqualTo(QUESTION);

        if (tls != null) {
            tls.connections()
                    .forEach((kind, count) -> assertThat(count.sum()).as(kind).isEqualTo(kind.equals(counted) ? 1 : 0));
        }
    }

    @Test
    void whoSpeaksNoTlsIsNotAnsweredThoughItKnowsTheSecret() throws IOException {
        SocketTls required = tls(Step.REQUIRED, own);
        InetSocketAddress address = serve(required);

        assertThatThrownBy(() -> ask(address, tls(Step.OPTIONAL, own))).isInstanceOf(PeerClient.Unreached.class);

        assertThat(count(required, "refused")).isEqualTo(1);
    }

    @Test
    void whoIsCalledWithTlsAndSpeaksNoneIsNotTold() throws IOException {
        InetSocketAddress address = serve(null);

        assertThatThrownBy(() -> ask(address, tls(Step.PREFERRED, own)))
                .isInstanceOf(PeerClient.Unreached.class)
                .hasMessageContaining("expected: a member that speaks TLS");
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotTakenInEitherDirectionUntilItIsReplaced() throws IOException {
        SocketTls called = tls(Step.REQUIRED, own);
        InetSocketAddress address = serve(called);
        SocketTls caller = tls(Step.REQUIRED, foreign);

        assertThatThrownBy(() -> ask(address, caller)).isInstanceOf(PeerClient.Unreached.class);
        // Trusts who is called, and shows what that one does not trust.
        caller.use(foreign.getKeyManagerFactory(), own.getTrustManagerFactory());
        assertThatThrownBy(() -> ask(address, caller)).isInstanceOf(PeerClient.Unreached.class);

        caller.use(own.getKeyManagerFactory(), own.getTrustManagerFactory());
        assertThat(ask(address, caller)).isEqualTo(QUESTION);
    }

    /** A certificate is for an address, and not good for another one of the same authority. */
    @Test
    void aCertificateHasToBeForTheAddressThatIsCalled() throws IOException {
        InetAddress elsewhere = InetAddress.getByName("127.0.0.2");
        InetSocketAddress address = serve(elsewhere, tls(Step.REQUIRED, own), SECRET);

        assertThatThrownBy(() -> ask(address, tls(Step.REQUIRED, own)))
                .isInstanceOf(PeerClient.Unreached.class)
                .hasMessageContaining("127.0.0.2");
    }

    /** A certificate is beside the secret, and not in its place. */
    @Test
    void whoShowsACertificateHasToKnowTheSecretAllTheSame() throws IOException {
        InetSocketAddress address = serve(
                InetAddress.getLoopbackAddress(), tls(Step.REQUIRED, own), new PeerSecret("test", "another secret"));

        assertThatThrownBy(() -> ask(address, tls(Step.REQUIRED, own)))
                .isInstanceOf(PeerClient.Unreached.class)
                .hasMessageContaining("closed the connection during the handshake");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoListensReadsWhatIsSaidOnlyWithoutTls(boolean encrypted) throws IOException {
        Step step = encrypted ? Step.REQUIRED : Step.OPTIONAL;
        InetSocketAddress address = serve(tls(step, own));
        try (Tap tap = new Tap(address, threads)) {
            assertThat(ask(tap.address(), tls(step, own))).isEqualTo(QUESTION);

            String said = new String(tap.said(), StandardCharsets.ISO_8859_1);
            assertThat(said.contains(QUESTION)).isEqualTo(!encrypted);
        }
    }

    @Test
    void aFrameOfTheGreatestLengthGoesThroughAndTheNextOneToo() throws IOException {
        SocketTls tls = tls(Step.REQUIRED, own);
        InetSocketAddress address = serve(tls);
        byte[] question = new byte[PeerSocket.FRAME_BYTES_MAX];
        question[question.length - 1] = 1;

        try (PeerClient client = new PeerClient(address, SECRET, tls)) {
            assertThat(client.call(1, question, PATIENCE_MILLIS)).isEqualTo(question);
            assertThat(client.callOnce(1, question, PATIENCE_MILLIS)).isEqualTo(question);
        }
        assertThat(count(tls, "tls")).as("connections").isEqualTo(1);
    }

    /** Half a TLS handshake, and a whole one that nothing follows, cost no longer than the half of ours. */
    @Test
    void aTlsHandshakeThatDoesNotEndIsEnded() throws Exception {
        InetSocketAddress address = serve(tls(Step.REQUIRED, own));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), own.getTrustManagers(), null);
        try (Socket begun = new Socket(address.getAddress(), address.getPort());
                SSLSocket silent =
                        (SSLSocket) context.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
            // The head of a record, whose content does not come.
            begun.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0});
            silent.startHandshake();

            for (Socket each : List.of(begun, silent)) {
                each.setSoTimeout(PATIENCE_MILLIS);
                assertThat(endsSilently(each)).isTrue();
            }
        }
    }

    @Test
    void aCrowdThatOnlyBeginsWithTlsKeepsNoMemberOut() throws IOException {
        SocketTls tls = tls(Step.REQUIRED, own);
        InetSocketAddress address = serve(tls);
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = new Socket(address.getAddress(), address.getPort());
                socket.getOutputStream().write(0x16);
                crowd.add(socket);
            }

            assertThat(ask(address, tls)).isEqualTo(QUESTION);
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
    }

    /** What stops with connections open does not wait for anybody to say good-bye. */
    @Test
    void aPortClosesThoughMembersAreConnected() throws IOException {
        SocketTls tls = tls(Step.REQUIRED, own);
        InetSocketAddress address = serve(tls);
        try (PeerClient client = new PeerClient(address, SECRET, tls)) {
            client.call(1, QUESTION.getBytes(StandardCharsets.US_ASCII), PATIENCE_MILLIS);

            servers.get(servers.size() - 1).close();

            threads.shutdown();
            Await.until("its threads have ended", Duration.ofMillis(PATIENCE_MILLIS), threads::isTerminated);
        }
    }

    private static boolean endsSilently(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException | SSLException e) {
            // Ended without a word of TLS either.
            return true;
        }
    }

    private InetSocketAddress serve(@Nullable SocketTls tls) throws IOException {
        return serve(InetAddress.getLoopbackAddress(), tls, SECRET);
    }

    private InetSocketAddress serve(InetAddress host, @Nullable SocketTls tls, PeerSecret secret) throws IOException {
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0, 1, host)) {
            address = new InetSocketAddress(host.getHostAddress(), free.getLocalPort());
        }
        PeerServer server = new PeerServer(secret, tls, (kind, question) -> question, threads);
        servers.add(server);
        server.open(address);
        return address;
    }

    private static String ask(InetSocketAddress address, @Nullable SocketTls tls) throws IOException {
        try (PeerClient client = new PeerClient(address, SECRET, tls)) {
            return new String(
                    client.call(1, QUESTION.getBytes(StandardCharsets.US_ASCII), PATIENCE_MILLIS),
                    StandardCharsets.US_ASCII);
        }
    }

    private enum Step {
        OFF,
        OPTIONAL,
        PREFERRED,
        REQUIRED
    }

    private static @Nullable SocketTls tls(Step step, SslManagerBundle certificates) throws SSLException {
        if (step == Step.OFF) {
            return null;
        }
        SocketTls tls = new SocketTls(step == Step.REQUIRED, step != Step.OPTIONAL);
        tls.use(certificates.getKeyManagerFactory(), certificates.getTrustManagerFactory());
        return tls;
    }

    private static long count(SocketTls tls, String kind) {
        return Objects.requireNonNull(tls.connections().get(kind)).sum();
    }
}
