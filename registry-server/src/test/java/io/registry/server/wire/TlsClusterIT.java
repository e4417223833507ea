package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that speak nothing but TLS on the cluster port. */
@Tag("long")
class TlsClusterIT {

    @TempDir
    private Path directory;

    @Test
    void whatIsRegisteredReachesTheOthersOverConnectionsThatAreEncrypted() {
        TestCertificates certificates = TestCertificates.in(directory);
        TestCertificates.Pair own = certificates.issue("member");
        try (RegistryCluster cluster = RegistryCluster.start(
                3,
                "--registry.tls.cluster=required",
                "--registry.tls.certificate=" + own.certificate(),
                "--registry.tls.private-key=" + own.key(),
                "--registry.tls.trust-certificate=" + certificates.authority())) {
            new Http(cluster.node(0))
                    .send("POST", "/v1/ns/instance", "serviceName", "encrypted", "ip", "10.0.0.1", "port", 80);

            for (RegistryProcess member : cluster.nodes()) {
                Http http = new Http(member);
                Await.until(
                        "it is seen",
                        Duration.ofSeconds(20),
                        () -> http.send("GET", "/v1/ns/instance/list", "serviceName", "encrypted")
                                .contains("\"10.0.0.1\""));
                assertThat(http.send("GET", "/actuator/prometheus").lines())
                        .contains("registry_tls_cluster_connections_total{kind=\"plain\"} 0.0")
                        .doesNotContain("registry_tls_cluster_connections_total{kind=\"tls\"} 0.0");
            }
        }
    }
}
