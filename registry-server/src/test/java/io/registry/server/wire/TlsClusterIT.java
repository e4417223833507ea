package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that speak TLS to each other, over the cluster port and the Raft port. */
@Tag("long")
class TlsClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @Test
    void whatIsRegisteredReachesTheOthersOverConnectionsThatAreEncrypted() {
        try (RegistryCluster cluster = RegistryCluster.start(3, options("required"))) {
            assertHeardByAll("encrypted", cluster.node(0), cluster.nodes());

            assertEncrypted(cluster.nodes());
        }
    }

    /** Member by member from no TLS to nothing else, as the documentation has it, and back. */
    @Test
    void aRunningClusterIsChangedOverAndEveryMemberIsHeardAfterEachStep() {
        try (RegistryCluster cluster = RegistryCluster.start(3)) {
            List<RegistryProcess> members = new ArrayList<>(cluster.nodes());
            for (String step : List.of("optional", "preferred", "required", "preferred", "optional", "off")) {
                for (int i = 0; i < members.size(); i++) {
                    members.get(i).stop();
                    String[] options = step.equals("off") ? new String[0] : options(step);
                    members.set(i, cluster.changed(members.get(i), options));
                    members.get(i).restart();
                    assertHeardByAll("at-" + step + "-" + i, members.get(i), members);
                }
                if (step.equals("required")) {
                    assertEncrypted(members);
                }
            }
            assertThat(new Http(members.get(0)).send("GET", "/v1/ns/instance/list", "serviceName", "p-at-optional-0"))
                    .as("what was registered at the first step")
                    .contains("\"10.0.0.2\"");
        }
    }

    private String[] options(String step) {
        if (!Files.exists(directory.resolve("member.pem"))) {
            TestCertificates.in(directory).issue("member");
        }
        return new String[] {
            "--registry.tls.cluster=" + step,
            "--registry.tls.certificate=" + directory.resolve("member.pem"),
            "--registry.tls.private-key=" + directory.resolve("member.key"),
            "--registry.tls.trust-certificate=" + directory.resolve("ca.pem")
        };
    }

    /** An ephemeral instance goes over the cluster port, a persistent one over the Raft port. */
    private static void assertHeardByAll(String service, RegistryProcess by, List<RegistryProcess> members) {
        String path = "/v1/ns/instance";
        new Http(by).send("POST", path, "serviceName", service, "ip", "10.0.0.1", "port", 80);
        new Http(by)
                .send("POST", path, "serviceName", "p-" + service, "ip", "10.0.0.2", "port", 80, "ephemeral", false);
        for (RegistryProcess member : members) {
            Http http = new Http(member);
            for (String each : List.of(service, "p-" + service)) {
                Await.until(
                        each + " is seen by " + member.address(),
                        PATIENCE,
                        () -> http.send("GET", path + "/list", "serviceName", each)
                                .contains("\"10.0.0."));
            }
        }
    }

    private static void assertEncrypted(List<RegistryProcess> members) {
        for (String port : List.of("cluster", "raft")) {
            String connections = "registry_tls_" + port + "_connections_total{kind=";
            double encrypted = 0;
            for (RegistryProcess member : members) {
                List<String> figures = new Http(member)
                        .send("GET", "/actuator/prometheus")
                        .lines()
                        .toList();
                String begin = connections + "\"tls\"} ";
                encrypted += figures.stream()
                        .filter(line -> line.startsWith(begin))
                        .mapToDouble(line -> Double.parseDouble(line.substring(begin.length())))
                        .sum();
                assertThat(figures).contains(connections + "\"plain\"} 0.0");
            }
            assertThat(encrypted)
                    .as("encrypted connections to a " + port + " port")
                    .isPositive();
        }
    }
}
