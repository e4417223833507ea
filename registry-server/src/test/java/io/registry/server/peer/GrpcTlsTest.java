package io.registry.server.peer;

import static io.registry.server.peer.DistroTransportContract.PATIENCE;
import static io.registry.server.peer.DistroTransportContract.awaitHearing;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.peer.PeerFixture.TestNode;
import io.registry.server.sockets.MemberTls;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.ssl.SslManagerBundle;

/** Members that show each other certificates, made for the test. */
class GrpcTlsTest {

    @TempDir
    private static Path directory;

    private static SslManagerBundle own;
    private static SslManagerBundle foreign;

    private final PeerFixture fixture = new PeerFixture(PeerFixture.Over.GRPC);

    @BeforeAll
    static void issue() throws IOException {
        own = TestCertificates.managers(Files.createDirectory(directory.resolve("own")));
        foreign = TestCertificates.managers(Files.createDirectory(directory.resolve("foreign")));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    /** Each step of a change-over, with one member ahead of the other. */
    @ParameterizedTest
    @CsvSource({
        "OFF, OPTIONAL",
        "OPTIONAL, OPTIONAL",
        "OPTIONAL, PREFERRED",
        "PREFERRED, REQUIRED",
        "REQUIRED, REQUIRED"
    })
    void membersHearEachOther(Step first, Step second) throws IOException {
        TestNode one = fixture.start(fixture.config("one", 1), first == Step.OFF ? null : tls(first, own));
        TestNode two = fixture.start(fixture.config("two", 1), tls(second, own));

        awaitHearing(one, two);
        awaitHearing(two, one);
    }

    @Test
    void whoShowsNothingIsNotHeardThoughItKnowsTheSecret() throws IOException {
        MemberTls required = tls(Step.REQUIRED, own);
        TestNode one = fixture.start(fixture.config("one", 1), required);
        TestNode two = fixture.start(fixture.config("two", 1), tls(Step.OPTIONAL, own));

        Await.until("it was refused", PATIENCE, () -> count(required, "refused") > 0);
        assertThat(two.to(one).isUp()).isFalse();
        assertThat(one.received()).isEmpty();
        // The other way is open: a member that is not changed over yet takes both.
        awaitHearing(one, two);
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotTakenInEitherDirection() throws IOException {
        MemberTls required = tls(Step.REQUIRED, own);
        MemberTls other = tls(Step.REQUIRED, foreign);
        TestNode one = fixture.start(fixture.config("one", 1), required);
        TestNode two = fixture.start(fixture.config("two", 1), other);

        Await.until("both have tried", PATIENCE, () -> count(required, "tls") > 1 && count(other, "tls") > 1);
        assertThat(one.to(two).isUp()).isFalse();
        assertThat(two.to(one).isUp()).isFalse();

        other.use(own.getKeyManagerFactory(), own.getTrustManagerFactory());

        awaitHearing(one, two);
        awaitHearing(two, one);
    }

    /** A port that looks at the first byte waits no longer for it than one that does not. */
    @ParameterizedTest
    @EnumSource(names = {"OPTIONAL", "REQUIRED"})
    void nobodyWaitsForAStrangerThatSaysNothing(Step step) throws IOException {
        TestNode one = fixture.start(fixture.config("one", 1), tls(step, own));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < PeerFixture.LIMITS.sockets(); i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), one.port()));
            }

            for (Socket socket : silent) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                assertThat(socket.getInputStream().read()).isNegative();
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private enum Step {
        OFF,
        OPTIONAL,
        PREFERRED,
        REQUIRED
    }

    private static MemberTls tls(Step step, SslManagerBundle certificates) throws SSLException {
        MemberTls tls = new MemberTls(step == Step.REQUIRED, step != Step.OPTIONAL);
        tls.use(certificates.getKeyManagerFactory(), certificates.getTrustManagerFactory());
        return tls;
    }

    private static long count(MemberTls tls, String kind) {
        return Objects.requireNonNull(tls.incoming().connections().get(kind)).sum();
    }
}
