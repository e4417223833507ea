package io.registry.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.registry.server.testkit.Administrator;
import io.registry.server.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.lifecycle.Startables;

/** Three nodes of the image that {@code docker/Dockerfile} makes, where a Docker engine answers. */
class ContainerClusterIT {

    private static final int NODES = 3;
    private static final int HTTP = 8848;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration CALL_MAX = Duration.ofSeconds(5);
    private static final Path ROOT = Path.of("..");
    private static final List<String> IN_THE_IMAGE = List.of(
            "docker/ready", "registry-server/target/registry-server.jar", "registry-server/target/bin/registry");

    private static final NodeCalls CALLS = new NodeCalls();
    private static final List<GenericContainer<?>> CONTAINERS = new ArrayList<>();

    @BeforeAll
    static void start() {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine answers on this machine");
        ImageFromDockerfile image =
                new ImageFromDockerfile().withFileFromPath("Dockerfile", ROOT.resolve("docker/Dockerfile"));
        for (String file : IN_THE_IMAGE) {
            image.withFileFromPath(file, ROOT.resolve(file));
        }
        Network network = Network.newNetwork();
        for (int i = 1; i <= NODES; i++) {
            CONTAINERS.add(new GenericContainer<>(image)
                    .withNetwork(network)
                    .withNetworkAliases("node" + i)
                    .withEnv("REGISTRY_CLUSTER_MEMBERS", "node1:8848,node2:8848,node3:8848")
                    .withEnv("REGISTRY_CLUSTER_ADVERTISE", "node" + i + ":8848")
                    .withEnv("REGISTRY_CLUSTER_SECRET", "a secret of the tests")
                    .withEnv("REGISTRY_ACCESS_CLIENTS", "open")
                    .withEnv("REGISTRY_ACCESS_ADMIN_PASSWORD", Administrator.PASSWORD)
                    .withExposedPorts(HTTP)
                    .waitingFor(Wait.forHealthcheck().withStartupTimeout(Duration.ofMinutes(3))));
        }
        Startables.deepStart(CONTAINERS).join();
    }

    @AfterAll
    static void stop() {
        CONTAINERS.forEach(GenericContainer::stop);
    }

    @Test
    void oneOfThreeContainersStandsStillAndHasEverythingWhenItGoesOn() {
        write("before", 0);
        awaitShown("before", 0, 1, 2);
        pause(1, true);

        Await.until("a write that a majority takes", SOON, () -> write("meanwhile", 2));
        awaitShown("meanwhile", 0, 2);
        pause(1, false);

        awaitShown("meanwhile", 1);
        for (int node = 0; node < NODES; node++) {
            String asked = address(node);
            Await.until(
                    "equal digests, seen from " + asked,
                    SOON,
                    () -> CALLS.send(
                                    asked,
                                    CALL_MAX,
                                    "GET",
                                    "/v3/admin/core/cluster/distro/service",
                                    "serviceName",
                                    "before",
                                    "compare",
                                    true)
                            .contains("\"equal\":true"));
        }
    }

    @Test
    void noneOfThemRunsAsRoot() {
        CONTAINERS.forEach(container ->
                assertThat(container.getContainerInfo().getConfig().getUser()).isEqualTo("10001:10001"));
    }

    private static boolean write(String service, int node) {
        return CALLS.send(
                        address(node),
                        CALL_MAX,
                        "POST",
                        "/v1/ns/instance",
                        "serviceName",
                        service,
                        "ip",
                        "192.0.2.1",
                        "port",
                        80,
                        "ephemeral",
                        false)
                .equals("ok");
    }

    private static void awaitShown(String service, int... nodes) {
        for (int node : nodes) {
            Await.until(
                    service + " on node " + node,
                    SOON,
                    () -> CALLS.shown(address(node), service).size() == 1);
        }
    }

    private static void pause(int node, boolean still) {
        String id = CONTAINERS.get(node).getContainerId();
        if (still) {
            DockerClientFactory.instance().client().pauseContainerCmd(id).exec();
        } else {
            DockerClientFactory.instance().client().unpauseContainerCmd(id).exec();
        }
    }

    private static String address(int node) {
        GenericContainer<?> container = CONTAINERS.get(node);
        return container.getHost() + ":" + container.getMappedPort(HTTP);
    }
}
