package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.NamingService;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.client.Transport;
import io.registry.server.testkit.AnyCertificate;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.TestCertificates;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports that speak TLS, with certificates that are made for the test. */
class TlsIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;
    private static Path certificate;
    private static Path key;
    private static RegistryProcess server;

    @BeforeAll
    static void start() throws IOException {
        certificates = TestCertificates.in(directory);
        certificate = directory.resolve("in-use.pem");
        key = directory.resolve("in-use.key");
        use(certificates.issue("first"));
        server = RegistryProcess.start(
                "--registry.tls.http=required",
                "--registry.tls.grpc=optional",
                "--registry.tls.cluster=optional",
                "--registry.tls.certificate=" + certificate,
                "--registry.tls.private-key=" + key,
                "--registry.tls.trust-certificate=" + certificates.authority(),
                "--registry.tls.reload-interval=1s");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void onePortTakesClientsWithTlsAndWithout() {
        try (NamingService encrypted = sdk().tlsTrust(certificates.authority()).build();
                Naming plain = Naming.on(server.port()).group("DEFAULT_GROUP")) {
            encrypted.registerInstance("both", "10.0.0.1", 80);
            ok("InstanceResponse", plain.register("both", "10.0.0.2", 80));

            assertThat(plain.query("both").addresses()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
            assertThat(encrypted.getAllInstances("both"))
                    .extracting(Instance::address)
                    .containsExactlyInAnyOrder("10.0.0.1:80", "10.0.0.2:80");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1000, 1001})
    void aNodeThatStandsAloneOpensNoPortOfMembers(int offset) {
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.port() + offset).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void callsOverHttpAreEncrypted() {
        try (NamingService http = overHttp(server).build()) {
            http.registerInstance("over-http", "10.0.0.1", 80);

            assertThat(http.getAllInstances("over-http")).hasSize(1);
        }
        assertThat(status(URI.create("http://" + server.address() + "/nacos/v1/ns/service/list?pageNo=1&pageSize=1")))
                .isEqualTo(400);
    }

    @Test
    void aServerThatNobodyHasCertifiedIsNotTalkedTo() {
        try (NamingService trusting = sdk().tls(true).build()) {
            assertThatThrownBy(() -> trusting.registerInstance("never", "10.0.0.1", 80))
                    .isInstanceOf(RegistryException.class);
        }
    }

    @Test
    void aCertificateIsReplacedWithoutARestartAndWhatIsWrongChangesNothing() throws IOException {
        int grpc = server.port() + 1000;
        try (NamingService before = sdk().tlsTrust(certificates.authority()).build()) {
            before.registerInstance("stays", "10.0.0.1", 80);
            TestCertificates.Pair next = certificates.issue("second");

            // One after the other, and with time between them: an operator's copy is seen half done.
            Files.copy(next.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            Await.until(
                    "the half is seen", SOON, () -> server.log().contains("not the key of registry.tls.certificate"));
            assertThat(shown(grpc)).isNotEqualTo("CN=second");
            Files.copy(next.key(), key, StandardCopyOption.REPLACE_EXISTING);
            Await.until("gRPC has the new one", SOON, () -> shown(grpc).equals("CN=second"));
            Await.until("HTTP has the new one", SOON, () -> shown(server.port()).equals("CN=second"));

            Files.writeString(certificate, "nothing that can be used");
            Await.until("that is seen", SOON, () -> server.log().contains("expected: certificates as PEM"));
            assertThat(shown(grpc)).isEqualTo("CN=second");
            assertThat(shown(server.port())).isEqualTo("CN=second");
            assertThat(failing()).isEqualTo("registry_tls_failing 1.0");
            assertThat(before.getAllInstances("stays")).hasSize(1);
            use(next);
            Await.until("all is well again", SOON, () -> failing().equals("registry_tls_failing 0.0"));
        }
    }

    @Test
    void whereTlsIsRequiredOthersAreClosedAndClientsShowTheirCertificate() {
        TestCertificates.Pair own = certificates.issue("client");
        TestCertificates.Pair servers = certificates.issue("strict");
        try (RegistryProcess strict = strict("grpc", servers)) {
            RegistryClient shows = RegistryClient.builder()
                    .serverAddr(strict.address())
                    .tlsTrust(certificates.authority())
                    .tlsCertificate(own.certificate(), own.key());
            RegistryClient showsNothing =
                    RegistryClient.builder().serverAddr(strict.address()).tlsTrust(certificates.authority());
            try (NamingService known = shows.build();
                    NamingService unknown = showsNothing.build()) {
                known.registerInstance("strict", "10.0.0.1", 80);
                assertThatThrownBy(() -> unknown.registerInstance("strict", "10.0.0.2", 80))
                        .isInstanceOf(RegistryException.class);
                assertThat(known.getAllInstances("strict")).hasSize(1);
            }
            assertThat(answerToPlain(strict.port() + 1000)).isEmpty();
            assertThat(new Http(strict).send("GET", "/actuator/prometheus").lines())
                    .contains("registry_tls_grpc_connections_total{kind=\"refused\"} 1.0")
                    .anyMatch(line -> line.startsWith("registry_tls_expires_seconds 1"));
        }
    }

    @Test
    void overHttpClientsShowTheirCertificateToo() throws IOException {
        TestCertificates.Pair own = certificates.issue("http-client");
        TestCertificates.Pair servers = certificates.issue("http-strict");
        TestCertificates.Pair foreign = TestCertificates.in(Files.createDirectory(directory.resolve("foreign")))
                .issue("http-client");
        try (RegistryProcess strict = strict("http", servers)) {
            try (NamingService known = overHttp(strict)
                            .tlsCertificate(own.certificate(), own.key())
                            .build();
                    NamingService stranger = overHttp(strict)
                            .tlsCertificate(foreign.certificate(), foreign.key())
                            .build();
                    NamingService unknown = overHttp(strict).build()) {
                known.registerInstance("strict", "10.0.0.1", 80);
                assertThatThrownBy(() -> stranger.registerInstance("strict", "10.0.0.2", 80))
                        .isInstanceOf(RegistryException.class);
                assertThatThrownBy(() -> unknown.registerInstance("strict", "10.0.0.3", 80))
                        .isInstanceOf(RegistryException.class);
                assertThat(known.getAllInstances("strict")).hasSize(1);
            }
        }
    }

    /** Starts a server that speaks TLS only, on a kind of port, and with those only who show a certificate. */
    private static RegistryProcess strict(String port, TestCertificates.Pair own) {
        return RegistryProcess.start(
                "--registry.tls." + port + "=required",
                "--registry.tls.certificate=" + own.certificate(),
                "--registry.tls.private-key=" + own.key(),
                "--registry.tls.client-auth=need",
                "--registry.tls.trust-certificate=" + certificates.authority());
    }

    private static RegistryClient overHttp(RegistryProcess to) {
        return RegistryClient.builder()
                .serverAddr("https://" + to.address())
                .transport(Transport.HTTP)
                .tlsTrust(certificates.authority());
    }

    private static RegistryClient sdk() {
        return RegistryClient.builder().serverAddr(server.address());
    }

    private static void use(TestCertificates.Pair pair) throws IOException {
        Files.copy(pair.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(pair.key(), key, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the subject of the certificate that a port shows. */
    private static String shown(int port) {
        try (SSLSocket socket = (SSLSocket)
                AnyCertificate.context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.startHandshake();
            X509Certificate first = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return first.getSubjectX500Principal().getName();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Returns what a port says to somebody who begins with HTTP/2 and no TLS, until it closes. */
    private static String answerToPlain(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e instanceof java.net.SocketException ? "" : e.toString();
        }
    }

    /** Returns the figure that says whether the files cannot be used. */
    private static String failing() {
        HttpRequest request =
                HttpRequest.newBuilder(server.url("/actuator/prometheus")).build();
        String figures = HttpClient.newBuilder()
                .sslContext(AnyCertificate.context())
                .build()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
        return figures.lines()
                .filter(line -> line.startsWith("registry_tls_failing"))
                .findFirst()
                .orElse("none");
    }

    private static int status(URI uri) {
        return HttpClient.newHttpClient()
                .sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .join()
                .statusCode();
    }
}
