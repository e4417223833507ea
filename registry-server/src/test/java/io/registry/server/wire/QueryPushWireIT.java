package io.registry.server.wire;

import static io.registry.server.wire.Naming.instance;
import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Message;
import io.registry.server.testkit.Pushes;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection.Acks;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Query, list, subscribe and push: items Q01 to Q09 and S01 to S16. */
@ExtendWith(SharedRegistry.class)
class QueryPushWireIT {

    private static final Duration QUIET = Duration.ofMillis(1_500);

    private final String service = Unique.name("svc");
    private final int port;
    private final Naming client;
    private final Naming publisher;

    QueryPushWireIT(RegistryProcess server) {
        port = server.port();
        client = Naming.on(port);
        publisher = Naming.on(port);
    }

    @AfterEach
    void end() {
        client.close();
        publisher.close();
    }

    @Test
    void q01AnUnknownServiceIsAnEmptyAnswer() {
        Message answer = ok("QueryServiceResponse", client.query(service));

        assertThat(answer.hosts()).isEmpty();
        assertThat(answer.serviceInfo().required("name").asString()).isEqualTo(service);
        assertThat(answer.serviceInfo().required("groupName").asString()).isEqualTo("G1");
    }

    @Test
    void q02OneClusterIsFiltered() {
        inTwoClusters();
        Message answer = client.query(service, "c1", false);

        assertThat(answer.addresses()).containsExactly("10.0.0.1:1");
        assertThat(answer.serviceInfo().required("clusters").asString()).isEqualTo("c1");
    }

    @Test
    void q03ManyClustersAreFiltered() {
        inTwoClusters();
        Message answer = client.query(service, "c1,c2", false);

        assertThat(answer.addresses()).containsExactly("10.0.0.1:1", "10.0.0.2:2");
        assertThat(answer.serviceInfo().required("clusters").asString()).isEqualTo("c1,c2");
    }

    @Test
    void q04NoClusterMeansAll() {
        inTwoClusters();
        Message answer = client.send("ServiceQueryRequest", service);

        assertThat(answer.addresses()).containsExactly("10.0.0.1:1", "10.0.0.2:2");
        assertThat(answer.serviceInfo().required("clusters").asString()).isEmpty();
    }

    @Test
    void q05HealthyOnlyLeavesTheUnhealthyOut() {
        publisher.batch(service, List.of(instance("10.0.0.1", 1), instance("10.0.0.2", 2, "healthy", false)));

        assertThat(client.query(service, "", true).addresses()).containsExactly("10.0.0.1:1");
        assertThat(client.query(service, "", false).addresses()).containsExactly("10.0.0.1:1", "10.0.0.2:2");
    }

    @Test
    void q06TheShapeOfAnAnswer() {
        publisher.register(service, "10.0.0.1", 1);
        Message answer = ok("QueryServiceResponse", client.query(service));

        JsonNode info = answer.serviceInfo();
        assertThat(info.required("name").asString()).isEqualTo(service);
        assertThat(info.required("groupName").asString()).isEqualTo("G1");
        assertThat(info.required("cacheMillis").asLong()).isEqualTo(10_000);
        assertThat(info.required("hosts").isArray()).isTrue();
        assertThat(info.required("checksum").asString()).isEmpty();
        assertThat(info.required("allIPs").asBoolean()).isFalse();
        assertThat(info.required("allIps").asBoolean()).isFalse();
        assertThat(info.required("valid").asBoolean()).isTrue();
        assertThat(info.required("reachProtectionThreshold").asBoolean()).isFalse();
        assertThat(answer.lastRefTime())
                .isBetween(System.currentTimeMillis() - 30_000, System.currentTimeMillis() + 30_000);
        assertThat(answer.envelope().typeUrl()).isEmpty();
        assertThat(answer.envelope().headers()).isEmpty();
        assertThat(answer.envelope().clientIp()).isEmpty();
    }

    @Test
    void q07AListIsCutIntoPages() {
        Naming many = publisher.group(Unique.name("list"));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            names.add("svc%02d".formatted(i));
            many.register(names.get(i), "10.0.0.1", 1);
        }
        List<String> listed = new ArrayList<>();
        for (int page = 1; page <= 3; page++) {
            Message answer = ok("ServiceListResponse", many.list(page, 10));
            assertThat(answer.body().required("count").asInt()).isEqualTo(25);
            assertThat(answer.body().required("serviceNames").size()).isEqualTo(page < 3 ? 10 : 5);
            answer.body().required("serviceNames").forEach(name -> listed.add(name.asString()));
        }

        assertThat(listed).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void q08APageBeyondTheEndIsEmpty() {
        Naming few = publisher.group(Unique.name("list"));
        few.register("a", "10.0.0.1", 1);
        few.register("b", "10.0.0.1", 1);
        Message answer = ok("ServiceListResponse", few.list(99, 10));

        assertThat(answer.body().required("count").asInt()).isEqualTo(2);
        assertThat(answer.body().required("serviceNames").isArray()).isTrue();
        assertThat(answer.body().required("serviceNames").size()).isZero();
    }

    @Test
    void q09AnUnknownNamespaceIsEmpty() {
        Message answer = ok("ServiceListResponse", client.namespace("nowhere").list(1, 10));

        assertThat(answer.body().required("count").asInt()).isZero();
        assertThat(answer.body().required("serviceNames").size()).isZero();
    }

    @Test
    void s01ASubscriptionIsAnsweredWithTheState() {
        publisher.register(service, "10.0.0.1", 1);
        Message answer = ok("SubscribeServiceResponse", client.subscribe(service));

        assertThat(answer.addresses()).containsExactly("10.0.0.1:1");
        assertThat(answer.serviceInfo().required("name").asString()).isEqualTo(service);
        assertThat(answer.serviceInfo().required("clusters").asString()).isEmpty();
    }

    @Test
    void s01WhatIsThereIsPushedAfterTheAnswerToASubscription() {
        publisher.register(service, "10.0.0.1", 1);
        ok("SubscribeServiceResponse", client.subscribe(service));

        client.awaitNotify(service, "10.0.0.1:1");
        client.expectNoNotify(service, QUIET);
    }

    @Test
    void s02AnUnknownServiceCanBeSubscribed() {
        Message answer = ok("SubscribeServiceResponse", client.subscribe(service));

        assertThat(answer.hosts()).isEmpty();
    }

    @Test
    void s03TheFirstInstanceIsPushed() {
        client.subscribe(service);
        publisher.register(service, "10.0.0.1", 1);

        Message push = client.awaitNotify(service, "10.0.0.1:1");
        assertThat(push.text("requestId")).isNotEmpty();
        JsonNode host = push.hosts().get(0);
        assertThat(host.required("serviceName").asString()).isEqualTo("G1@@" + service);
    }

    @Test
    void s04AChangeIsPushedAsTheWholeList() {
        publisher.batch(service, List.of(instance("10.0.0.1", 1), instance("10.0.0.2", 2)));
        client.subscribe(service);
        publisher.batch(service, List.of(instance("10.0.0.1", 1), instance("10.0.0.2", 2), instance("10.0.0.3", 3)));

        Message push = client.awaitNotify(service, "10.0.0.1:1", "10.0.0.2:2", "10.0.0.3:3");
        assertThat(push.text("requestId")).isNotEmpty();
    }

    @Test
    void s05ManyQuickChangesBecomeFewPushes() {
        client.subscribe(service);
        long start = System.nanoTime();
        for (int i = 1; i <= 20; i++) {
            publisher.register(service, "10.0.0." + i, i);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        client.awaitNotify(service, "10.0.0.20:20");
        client.expectNoNotify(service, QUIET);
        // One leaves at once, then one for each gathering window of 20 ms, however slow this machine is.
        assertThat(client.pushes().all("NotifySubscriberRequest").size()).isLessThanOrEqualTo((int) (3 + millis / 20));
    }

    @Test
    void s06AnAcknowledgedPushIsNotRepeated() {
        client.subscribe(service);
        publisher.register(service, "10.0.0.1", 1);
        client.awaitNotify(service, "10.0.0.1:1");

        client.expectNoNotify(service, Duration.ofSeconds(7));
    }

    @Test
    void s07APushWithoutAckIsRepeatedAfterItsTimeout() {
        client.subscribe(service);
        client.connection().acks(Acks.NONE);
        publisher.register(service, "10.0.0.1", 1);
        Message first = client.awaitNotify(service, "10.0.0.1:1");
        Message second = client.awaitNotify(service, "10.0.0.1:1");

        assertThat(Duration.ofNanos(second.atNanos() - first.atNanos()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(4_500));
    }

    @Test
    void s08ARefusedPushIsRepeatedLater() {
        client.subscribe(service);
        client.connection().acks(Acks.FAILURE);
        publisher.register(service, "10.0.0.1", 1);
        Message first = client.awaitNotify(service, "10.0.0.1:1");
        client.connection().acks(Acks.SUCCESS);
        Message second = client.awaitNotify(service, "10.0.0.1:1");

        Duration gap = Duration.ofNanos(second.atNanos() - first.atNanos());
        assertThat(gap).isGreaterThanOrEqualTo(Duration.ofMillis(800));
        assertThat(gap).as("not the timeout of a push without ack").isLessThan(Duration.ofMillis(4_500));
        client.expectNoNotify(service, QUIET);
    }

    @Test
    void s09AnUnknownAckIsIgnored() {
        client.subscribe(service);
        client.connection().ack("NotifySubscriberResponse", "999999999");
        client.connection().ack("NotifySubscriberResponse", "not a number");
        client.connection().send("NotifySubscriberResponse", "{\"resultCode\":200}");
        publisher.register(service, "10.0.0.1", 1);

        client.awaitNotify(service, "10.0.0.1:1");
        ok("HealthCheckResponse", client.connection().healthCheck());
    }

    @Test
    void s10AfterUnsubscribingNothingIsPushed() {
        client.subscribe(service);
        publisher.register(service, "10.0.0.1", 1);
        client.awaitNotify(service, "10.0.0.1:1");
        ok("SubscribeServiceResponse", client.unsubscribe(service, ""));
        client.pushes().skip();
        publisher.register(service, "10.0.0.2", 2);

        client.expectNoNotify(service, QUIET);
    }

    @Test
    void s11UnsubscribingNothingSucceeds() {
        ok("SubscribeServiceResponse", client.unsubscribe(service, ""));
        ok("SubscribeServiceResponse", client.group(service).unsubscribe("G1", ""));
    }

    @Test
    void s12OnlyTheSubscribedClustersArePushed() {
        client.subscribe(service, "c1");
        publisher.batch(
                service,
                List.of(instance("10.0.0.1", 1, "clusterName", "c1"), instance("10.0.0.2", 2, "clusterName", "c2")));

        Message push = client.awaitNotify(service, any -> true);
        assertThat(push.addresses()).containsExactly("10.0.0.1:1");
        assertThat(push.serviceInfo().required("clusters").asString()).isEqualTo("c1");
    }

    @Test
    void s13EverySubscribedVariantIsPushed() {
        client.subscribe(service, "c1");
        client.subscribe(service, "");
        inTwoClusters();

        for (String clusters : List.of("c1", "")) {
            int hosts = clusters.isEmpty() ? 2 : 1;
            assertThat(awaitVariant(clusters, hosts)).isTrue();
        }
    }

    @Test
    void s14TheLastInstancesLeavingIsAnEmptyList() {
        publisher.register(service, "10.0.0.1", 1);
        client.subscribe(service);
        publisher.deregister(service, "10.0.0.1", 1);

        Message push = client.awaitNotify(service, any -> any.hosts().isEmpty());
        assertThat(push.serviceInfo().required("hosts").isArray()).isTrue();
    }

    @Test
    void s15LastRefTimeNeverGoesBack() {
        long subscribed = client.subscribe(service).lastRefTime();
        for (int i = 1; i <= 10; i++) {
            publisher.register(service, "10.0.0." + i, i);
            client.awaitNotify(service, "10.0.0." + i + ":" + i);
        }

        List<Long> times = client.pushes().all("NotifySubscriberRequest").stream()
                .map(Message::lastRefTime)
                .toList();
        assertThat(times).isSorted();
        assertThat(times.get(0)).isGreaterThanOrEqualTo(subscribed);
    }

    @Test
    void s16AnUnchangedInstanceIsPushedUnchanged() {
        Map<String, Object> steady = instance("10.0.0.1", 1, "metadata", Map.of("b", "2", "a", "1"));
        publisher.register(service, steady);
        JsonNode answered = client.subscribe(service).hosts().get(0);
        try (Naming other = Naming.on(port)) {
            other.register(service, "10.0.0.2", 2);
            JsonNode first = hostOf(client.awaitNotify(service, "10.0.0.1:1", "10.0.0.2:2"), "10.0.0.1");
            other.register(service, "10.0.0.3", 3);
            JsonNode second = hostOf(client.awaitNotify(service, "10.0.0.1:1", "10.0.0.3:3"), "10.0.0.1");

            assertThat(first).isEqualTo(answered);
            assertThat(second).isEqualTo(answered);
        }
    }

    @Test
    void anIdenticalRegistrationIsNotPushed() {
        client.subscribe(service);
        publisher.register(service, "10.0.0.1", 1);
        client.awaitNotify(service, "10.0.0.1:1");
        publisher.register(service, "10.0.0.1", 1);

        client.expectNoNotify(service, QUIET);
    }

    private boolean awaitVariant(String clusters, int hosts) {
        long deadline = System.nanoTime() + Pushes.PUSH_MAX.toNanos();
        while (System.nanoTime() < deadline) {
            for (Message push : client.pushes().all("NotifySubscriberRequest")) {
                if (push.serviceInfo().required("clusters").asString().equals(clusters)
                        && push.hosts().size() == hosts) {
                    return true;
                }
            }
            client.pushes().poll(Duration.ofMillis(100), any -> true);
        }
        return false;
    }

    private void inTwoClusters() {
        publisher.batch(
                service,
                List.of(instance("10.0.0.1", 1, "clusterName", "c1"), instance("10.0.0.2", 2, "clusterName", "c2")));
    }

    private static JsonNode hostOf(Message push, String ip) {
        return push.hosts().stream()
                .filter(host -> host.required("ip").asString().equals(ip))
                .findFirst()
                .orElseThrow();
    }
}
