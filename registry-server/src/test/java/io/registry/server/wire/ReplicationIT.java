package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three real servers that tell one another what ephemeral clients publish. Each test leaves all of them running. */
class ReplicationIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static RegistryCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RegistryCluster.start(3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void whatIsPublishedOnOneNodeIsFoundAndPushedOnEveryOther() {
        try (Naming publisher = Naming.on(cluster.node(0).port());
                Naming consumer = Naming.on(cluster.node(1).port())) {
            assertThat(consumer.subscribe("replicated").addresses()).isEmpty();

            ok("InstanceResponse", publisher.register("replicated", "10.0.0.1", 80));

            consumer.pushes()
                    .await(
                            "the instance",
                            push -> push.type().equals("NotifySubscriberRequest")
                                    && push.addresses().contains("10.0.0.1:80"));
            awaitOnAll("replicated", 1);
        }
        awaitOnAll("replicated", 0);
    }

    @Test
    void aNodeThatStartsAgainIsToldWhatTheOthersKnow() {
        cluster.node(2).kill();
        try (Naming publisher = Naming.on(cluster.node(0).port())) {
            ok("InstanceResponse", publisher.register("missed", "10.0.0.2", 80));

            cluster.node(2).restart();

            awaitOnAll("missed", 1);
        }
    }

    @Test
    void everyNodeHasAStreamToEveryOther() {
        for (RegistryProcess node : cluster.nodes()) {
            Await.until(
                    "two streams of " + node.address(),
                    SOON,
                    () -> figures(node).stream()
                                    .filter(line -> line.startsWith("registry_peer_up{") && line.endsWith(" 1.0"))
                                    .count()
                            == 2);
        }
    }

    private static List<String> figures(RegistryProcess node) {
        return new Http(node).send("GET", "/actuator/prometheus").lines().toList();
    }

    private static void awaitOnAll(String service, int count) {
        for (RegistryProcess node : cluster.nodes()) {
            Await.until(service + " on " + node.address(), SOON, () -> shown(node, service) == count);
        }
    }

    private static int shown(RegistryProcess node, String service) {
        String list =
                new Http(node).send("GET", "/v1/ns/instance/list", "serviceName", service, "groupName", Naming.GROUP);
        return list.split("\"instanceId\"", -1).length - 1;
    }
}
