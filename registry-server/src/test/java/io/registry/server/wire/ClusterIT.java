package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three real servers that keep one log. Each test leaves all of them running. */
class ClusterIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static RegistryCluster cluster;

    @BeforeAll
    static void start() {
        // The addresses of the other tests are nobody's, and are not asked.
        cluster = RegistryCluster.start(
                3, "--registry.health-check.networks=127.0.0.0/8", "--registry.access.admin-password=");
        Await.until("a password is shown", SOON, () -> !passwordsShown().isEmpty());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aWriteOnAnyNodeIsVisibleThereAtOnceAndSoonOnAll() {
        for (int i = 0; i < 3; i++) {
            String service = "written-on-" + i;

            register(cluster.node(i), service, 1);

            assertThat(shown(cluster.node(i), service)).isEqualTo(1);
            awaitOnAll(service, 1);
        }
    }

    @Test
    void withoutAMajorityPersistentWritesSaySoAndAllElseGoesOn() {
        RegistryProcess left = cluster.node(0);
        register(left, "majority", 1);
        awaitOnAll("majority", 1);
        cluster.node(1).kill();
        cluster.node(2).kill();

        HttpResponse<String> refused = exchange(left, "majority", 2);

        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body()).startsWith("errCode: 500, errMsg: no leader: a majority of the members ");
        assertThat(shown(left, "majority")).isEqualTo(1);
        WireAssert.ephemeralTrafficGoesOn(left);

        cluster.node(1).launch();
        cluster.node(2).launch();
        cluster.node(1).awaitReady();
        cluster.node(2).awaitReady();
        Await.until(
                "a write is taken again",
                SOON,
                () -> exchange(left, "majority", 3).statusCode() == 200);
        assertThat(left.log()).doesNotContain("\tat ");
    }

    @Test
    void oneMemberShowsTheFirstPasswordAndItIsRightOnAll() {
        List<String> shown = passwordsShown();

        assertThat(shown).hasSize(1);
        for (RegistryProcess node : cluster.nodes()) {
            // Whose log has not come so far does not know the administrator yet.
            Await.until(
                    "logged in on " + node.address(),
                    SOON,
                    () -> new Http(node)
                            .send("POST", "/v3/auth/user/login", "username", "nacos", "password", shown.get(0))
                            .contains("\"globalAdmin\":true"));
        }
    }

    @Test
    void aRestartedMemberCatchesUp() {
        register(cluster.node(0), "restart", 1);
        cluster.node(2).kill();
        Await.until(
                "written by the others",
                SOON,
                () -> exchange(cluster.node(0), "restart", 2).statusCode() == 200);

        cluster.node(2).restart();

        assertThat(shown(cluster.node(2), "restart")).isEqualTo(2);
    }

    @Test
    void aBlankMemberIsTakenInAndCounts() {
        register(cluster.node(0), "blank", 1);
        cluster.node(1).kill();
        cluster.node(1).deleteData();

        cluster.node(1).restart();

        assertThat(shown(cluster.node(1), "blank")).isEqualTo(1);
        cluster.node(2).kill();
        Await.until(
                "written by a majority with the new member",
                SOON,
                () -> exchange(cluster.node(1), "blank", 2).statusCode() == 200);
        cluster.node(2).restart();
        assertThat(shown(cluster.node(2), "blank")).isEqualTo(2);
    }

    @Test
    void whoLeadsChecksTheInstancesAndAnotherOneWhenItIsGone() throws IOException {
        int port;
        try (ServerSocket open = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = open.getLocalPort();
            Http http = new Http(cluster.node(1));
            http.send(
                    "POST",
                    "/v1/ns/instance",
                    "serviceName",
                    "checked",
                    "ip",
                    "127.0.0.1",
                    "port",
                    port,
                    "ephemeral",
                    false,
                    "healthy",
                    false);
            awaitHealth("checked", true);
        }
        awaitHealth("checked", false);

        // Whoever led, one of two restarts has taken it away.
        for (int i = 0; i < 2; i++) {
            cluster.node(i).kill();
            cluster.node(i).restart();
        }
        try (ServerSocket open = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            assertThat(open.isBound()).isTrue();
            awaitHealth("checked", true);
        }
    }

    private static void awaitHealth(String service, boolean healthy) {
        for (RegistryProcess node : cluster.nodes()) {
            Await.until(
                    service + " healthy=" + healthy + " on " + node.address(),
                    Duration.ofSeconds(40),
                    () -> new Http(node)
                            .send("GET", "/v1/ns/instance/list", "serviceName", service)
                            .contains("\"healthy\":" + healthy));
        }
    }

    @Test
    void whoDoesNotKnowTheSecretIsHungUpOn() throws IOException {
        int raftPort = cluster.node(0).port() - 1000;
        for (String said : List.of("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "registry-raft-1\n" + "x".repeat(48))) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), raftPort)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
                InputStream in = socket.getInputStream();

                assertThat(in.readNBytes(1_000))
                        .as("its mark and its nonce, and no proof of the secret")
                        .hasSizeLessThanOrEqualTo(32);
            }
        }
    }

    private static List<String> passwordsShown() {
        Pattern line = Pattern.compile("log in as nacos with password (\\w{24}) ");
        return cluster.nodes().stream()
                .flatMap(node -> line.matcher(node.log()).results())
                .map(found -> found.group(1))
                .toList();
    }

    private static void register(RegistryProcess node, String service, int number) {
        HttpResponse<String> answer = exchange(node, service, number);
        assertThat(answer.body()).as(node.log()).isEqualTo("ok");
    }

    private static HttpResponse<String> exchange(RegistryProcess node, String service, int number) {
        return new Http(node)
                .exchange(
                        "POST",
                        "/v1/ns/instance",
                        "serviceName",
                        service,
                        "ip",
                        "10.0.0." + number,
                        "port",
                        80,
                        "ephemeral",
                        false);
    }

    private static int shown(RegistryProcess node, String service) {
        String list = new Http(node).send("GET", "/v1/ns/instance/list", "serviceName", service);
        return list.split("\"instanceId\"", -1).length - 1;
    }

    private static void awaitOnAll(String service, int count) {
        for (RegistryProcess node : cluster.nodes()) {
            Await.until(service + " on " + node.address(), SOON, () -> shown(node, service) == count);
        }
    }
}
