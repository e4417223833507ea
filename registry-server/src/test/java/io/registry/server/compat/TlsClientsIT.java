package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.compat.driver.Host;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Released clients with their own TLS settings meet clients without on one port. */
class TlsClientsIT {

    private static final String TLS = "nacos.remote.client.rpc.tls.";

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;
    private static RegistryProcess server;

    @BeforeAll
    static void start() {
        certificates = TestCertificates.in(directory);
        TestCertificates.Pair own = certificates.issue("server");
        server = RegistryProcess.start(
                "--registry.tls.grpc=optional",
                "--registry.tls.certificate=" + own.certificate(),
                "--registry.tls.private-key=" + own.key());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"V2_5", "V3_2"})
    void clientsWithTlsAndWithoutSeeEachOther(ClientVersion version) {
        try (NacosClient encrypted = NacosClient.start(
                        version,
                        server.address(),
                        TLS + "enable=true",
                        TLS + "trustCollectionChainPath=" + certificates.authority());
                NacosClient plain = NacosClient.start(version, server.address())) {
            String service = "tls-" + version;

            encrypted.register("shop", service, Host.of("10.0.0.1", 80));
            plain.register("shop", service, Host.of("10.0.0.2", 80));

            for (NacosClient each : new NacosClient[] {encrypted, plain}) {
                Await.until(
                        "both are seen",
                        Duration.ofSeconds(20),
                        () -> each.query("shop", service, "").size() == 2);
            }
        }
        assertThat(server.log()).contains("certificate in use");
    }
}
