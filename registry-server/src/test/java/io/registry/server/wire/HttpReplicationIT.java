package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.NamingService;
import io.registry.client.RegistryClient;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three real servers that speak with one another over their HTTP ports. Each test leaves all of them running. */
class HttpReplicationIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static RegistryCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RegistryCluster.start(3, "--registry.distro.transport=http");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void whatIsRegisteredOnAnyMemberIsSeenOnAll() {
        for (int port = 1; port <= 6; port++) {
            assertThat(instance(cluster.node(port % 3), "POST", "shared", port)).isEqualTo("ok");
        }
        awaitShown("shared", 6);

        for (int port = 1; port <= 6; port++) {
            assertThat(instance(cluster.node((port + 1) % 3), "DELETE", "shared", port))
                    .isEqualTo("ok");
        }
        awaitShown("shared", 0);
    }

    @Test
    void onlyTheHttpPortIsOpenForIt() throws Exception {
        for (RegistryProcess node : cluster.nodes()) {
            assertThatThrownBy(() -> connect(node.port() + 1_001)).isInstanceOf(ConnectException.class);
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(node.url("/v1/ns/distro/datum"))
                                    .PUT(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode() + " " + answer.body())
                    .isEqualTo("400 Registry-Say, Registry-Listen: none (expected: one of them)");
        }
    }

    @Test
    @Tag("long")
    void aMemberThatWasKilledOrStoppedComesBackWithWhatLives() {
        RegistryProcess third = cluster.node(2);
        try (NamingService lives =
                RegistryClient.builder().serverAddr(cluster.node(0).address()).build()) {
            lives.registerInstance("kept", "10.0.0.1", 80);
            awaitShown("kept", 1);

            third.kill();
            awaitDown(third);
            third.restart();
            assertThat(shown(third, "kept")).isEqualTo(1);

            long begin = System.nanoTime();
            third.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("a stop has ten seconds for the requests that it finds, and there are none to wait for")
                    .isLessThan(Duration.ofSeconds(10));
            assertThat(third.log()).doesNotContain(" ERROR ");
            awaitDown(third);
            third.restart();
            awaitShown("kept", 1);
        }
    }

    /** Until all have the same setting, those that have another one are as if cut off, and say why. */
    @Test
    @Tag("long")
    void aMemberWithTheOtherTransportIsNamedInTheLog() {
        RegistryProcess third = cluster.node(2);
        third.stop();
        RegistryProcess other = cluster.changed(third, "--registry.distro.transport=grpc");
        other.launch();

        Await.until(
                "it is said over HTTP",
                SOON,
                () -> cluster.node(0).log().contains("cause=registry.distro.transport: not http on the peer"));
        Await.until(
                "it is said over gRPC",
                SOON,
                () -> other.log().contains("a member with registry.distro.transport=http has none"));

        other.kill();
        third.restart();
        awaitShown("any", 0);
    }

    private static void awaitDown(RegistryProcess node) {
        Await.until(
                "the end is noticed",
                SOON,
                () -> new Http(cluster.node(0))
                        .send("GET", "/v3/admin/core/cluster/distro")
                        .contains("\"address\":\"" + node.address() + "\",\"up\":false"));
    }

    private static void awaitShown(String service, int instances) {
        for (RegistryProcess node : cluster.nodes()) {
            Await.until(instances + " instances on " + node.address(), SOON, () -> shown(node, service) == instances);
        }
    }

    private static String instance(RegistryProcess node, String method, String service, int port) {
        return new Http(node).send(method, "/v1/ns/instance", "serviceName", service, "ip", "10.0.0.1", "port", port);
    }

    private static int shown(RegistryProcess node, String service) {
        String list = new Http(node).send("GET", "/v1/ns/instance/list", "serviceName", service);
        return list.split("\"instanceId\"", -1).length - 1;
    }

    private static void connect(int port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
    }
}
