package io.registry.server.wire;

import static io.registry.server.wire.Naming.instance;
import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A subscriber that does not read its stream. */
class SlowReaderIT {

    /** One megabyte for each push: all pushes together are more than the server's heap of 512 MB. */
    private static final int CHANGES = 700;

    private static final int BIG = 1_000;

    @Test
    void aClientThatDoesNotReadCostsLittleAndGetsTheNewestStateLater() {
        // It stays silent for as long as this takes, on whatever machine.
        try (RegistryProcess server = RegistryProcess.start("--registry.connection.idle-probe-after=300s");
                Naming heavy = Naming.on(server.port());
                Naming changing = Naming.on(server.port());
                Naming fast = Naming.on(server.port());
                Naming slow = Naming.on(server.port())) {
            String service = "svc";
            ok("BatchInstanceResponse", heavy.batch(service, bigInstances()));
            ok("SubscribeServiceResponse", slow.subscribe(service));
            ok("SubscribeServiceResponse", fast.subscribe(service, "small"));
            slow.connection().stopReading();
            for (int i = 1; i <= CHANGES; i++) {
                ok("InstanceResponse", changing.register(service, small(i)));
            }

            fast.awaitNotify(service, push -> version(push) == CHANGES);
            int before = slow.pushes().all("NotifySubscriberRequest").size();
            assertThat(before).as("taken before it stopped").isLessThanOrEqualTo(2);
            slow.connection().read();
            slow.awaitNotify(service, push -> version(push) == CHANGES);
            slow.expectNoNotify(service, Duration.ofSeconds(1));

            List<Integer> versions = slow.pushes().all("NotifySubscriberRequest").stream()
                    .map(SlowReaderIT::version)
                    .toList();
            assertThat(versions).as("never an old state after a new one").isSorted();
            assertThat(versions).as("not one for each change").hasSizeLessThanOrEqualTo(6);
            assertThat(server.log()).doesNotContain("OutOfMemoryError");
        }
    }

    private static List<Map<String, Object>> bigInstances() {
        List<Map<String, Object>> instances = new ArrayList<>();
        for (int i = 0; i < BIG; i++) {
            instances.add(instance(
                    "10.3." + i / 250 + "." + i % 250,
                    1,
                    "clusterName",
                    "big",
                    "metadata",
                    Map.of("pad", "x".repeat(900))));
        }
        return instances;
    }

    private static Map<String, Object> small(int version) {
        return instance("10.0.0.1", 1, "clusterName", "small", "weight", version);
    }

    /** Returns the weight of the one instance that changes, 0 where it is not there. */
    private static int version(Message push) {
        for (JsonNode host : push.hosts()) {
            if (host.required("ip").asString().equals("10.0.0.1")) {
                return (int) host.required("weight").asDouble();
            }
        }
        return 0;
    }
}
