package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.CutProxy;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a change of a large service costs those who understand changes, and those who do not. */
@ExtendWith(SharedRegistry.class)
class ChangePushIT {

    private static final int INSTANCES = 2_000;
    private static final int BATCH = 1_000;
    private static final int CHANGES = 10;
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path cache;

    private RegistryClient client(String address) {
        return RegistryClient.builder().serverAddr(address).cacheDirectory(cache);
    }

    private static Instance one(int i) {
        return Instance.builder("10.1." + i / 250 + "." + i % 250, 8080)
                .metadata("zone", "z" + i % 3)
                .build();
    }

    @Test
    void aChangeOfALargeServiceIsToldInATwentiethOfTheBytesAndTheEndIsTheSame(RegistryProcess server) {
        String service = Unique.name("large");
        List<NamingService> parts = new ArrayList<>();
        try (CutProxy ours = CutProxy.to(server.port());
                CutProxy theirs = CutProxy.to(server.port());
                NamingService publisher = client(server.address()).build();
                NamingService subscriber =
                        client(ours.address()).appName("subscriber").build();
                Naming whole = Naming.on(theirs.port())) {
            for (int from = 0; from < INSTANCES; from += BATCH) {
                // Each over a connection of its own, since one batch may hold so many.
                NamingService part =
                        client(server.address()).appName("part-" + from).build();
                parts.add(part);
                part.batchRegisterInstance(
                        service,
                        Naming.GROUP,
                        IntStream.range(from, from + BATCH)
                                .mapToObj(ChangePushIT::one)
                                .toList());
            }
            subscriber.subscribe(service, Naming.GROUP, change -> {});
            whole.subscribe(service);
            change(publisher, service, "10.9.8.1", subscriber, whole);
            long oursBefore = ours.answeredBytes();
            long theirsBefore = theirs.answeredBytes();

            for (int i = 0; i < CHANGES; i++) {
                change(publisher, service, "10.9.9." + i, subscriber, whole);
            }

            long changed = ours.answeredBytes() - oursBefore;
            long wholes = theirs.answeredBytes() - theirsBefore;
            assertThat(wholes)
                    .as("bytes in whole lists; in changes %d", changed)
                    .isGreaterThan(20 * changed);
            assertThat(known(subscriber, service))
                    .isEqualTo(publisher.getAllInstances(service, Naming.GROUP, false).stream()
                            .map(Instance::address)
                            .toList());
        } finally {
            parts.forEach(NamingService::close);
        }
    }

    private static void change(
            NamingService publisher, String service, String ip, NamingService subscriber, Naming whole) {
        publisher.registerInstance(service, Naming.GROUP, Instance.of(ip, 80));
        whole.awaitNotify(service, push -> push.addresses().contains(ip + ":80"));
        Await.until(ip, SOON, () -> known(subscriber, service).contains(ip + ":80"));
    }

    private static List<String> known(NamingService naming, String service) {
        return naming.getAllInstances(service, Naming.GROUP, true).stream()
                .map(Instance::address)
                .toList();
    }
}
