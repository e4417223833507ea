package io.registry.server.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The checks of behaviour in time that concern one node. The display names start with the numbers of the checklist. */
class BehaviourIT {

    private static final Duration EMPTY_SERVICE_EXPIRY = Duration.ofSeconds(2);

    /** Beat after 1 s, unhealthy after 2 s, gone after 4 s: the defaults of 5, 15 and 30 s, shortened by metadata. */
    private static final String SHORT_LIMITS = "\"preserved.heart.beat.interval\":\"1000\","
            + "\"preserved.heart.beat.timeout\":\"2000\",\"preserved.ip.delete.timeout\":\"4000\"";

    private static RegistryProcess server;
    private static WireClient client;

    @BeforeAll
    static void start() {
        server = RegistryProcess.start(
                "--registry.empty-service.expire-after=" + EMPTY_SERVICE_EXPIRY.toSeconds() + "s");
        client = new WireClient(server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    @Tag("long")
    @DisplayName("TIM-01 without beats an instance turns unhealthy after 15 s and is gone after 30 s")
    void lapsesWithTheDefaultLimits() {
        register("tim01", "10.11.0.1", "");
        long registered = System.nanoTime();

        Await.until("unhealthy", Duration.ofSeconds(20), () -> health("tim01").equals("unhealthy"));
        assertThat(secondsSince(registered)).isGreaterThan(14.5);

        Await.until("gone", Duration.ofSeconds(15), () -> health("tim01").equals("gone"));
        assertThat(secondsSince(registered)).isBetween(29.5, 35.0);
    }

    @Test
    @DisplayName("TIM-02 limits of its own, given as metadata, are followed")
    void lapsesWithLimitsOfItsOwn() {
        register("tim02", "10.11.0.2", "{" + SHORT_LIMITS + "}");
        long registered = System.nanoTime();

        Await.until("unhealthy", Duration.ofSeconds(5), () -> health("tim02").equals("unhealthy"));
        assertThat(secondsSince(registered)).isGreaterThan(1.9);

        Await.until("gone", Duration.ofSeconds(5), () -> health("tim02").equals("gone"));
        assertThat(secondsSince(registered)).isGreaterThan(3.9);
    }

    @Test
    @DisplayName("TIM-03 enableClientBeat=true keeps an instance that never beats")
    void staysWithoutBeatsWhenItsMetadataSaysSo() {
        register("tim03", "10.11.0.3", "{\"enableClientBeat\":\"true\"," + SHORT_LIMITS + "}");
        register("tim03-other", "10.11.0.3", "{" + SHORT_LIMITS + "}");

        // The other instance of the same client, with the same limits, is the proof that the limits have passed.
        Await.until(
                "the other one gone",
                Duration.ofSeconds(10),
                () -> health("tim03-other").equals("gone"));

        assertThat(health("tim03")).isEqualTo("healthy");
    }

    @Test
    @DisplayName("TIM-04 enableClientBeat=false changes nothing")
    void lapsesWhenItsMetadataAsksForNothingElse() {
        register("tim04", "10.11.0.4", "{\"enableClientBeat\":\"false\"," + SHORT_LIMITS + "}");

        Await.until("unhealthy", Duration.ofSeconds(5), () -> health("tim04").equals("unhealthy"));
        Await.until("gone", Duration.ofSeconds(5), () -> health("tim04").equals("gone"));
    }

    @Test
    @DisplayName("TIM-07 a service whose last instance left goes after the time set for empty services")
    void emptyServiceIsRemoved() {
        register("tim07", "10.11.0.7", "");
        Await.until("listed", Duration.ofSeconds(1), () -> serviceNames().contains("tim07"));

        client.send("DELETE", "/v1/ns/instance", "serviceName=tim07&ip=10.11.0.7&port=80");
        long left = System.nanoTime();

        Await.until(
                "removed",
                EMPTY_SERVICE_EXPIRY.multipliedBy(2).plusSeconds(1),
                () -> !serviceNames().contains("tim07"));
        assertThat(secondsSince(left)).isGreaterThan(EMPTY_SERVICE_EXPIRY.toSeconds() - 0.1);
    }

    @Test
    @DisplayName("TIM-08 a service created by itself is kept without instances")
    void createdServiceIsKept() {
        client.send("POST", "/v1/ns/service", "serviceName=tim08&metadata=a%3Db");
        register("tim08-other", "10.11.0.8", "");
        client.send("DELETE", "/v1/ns/instance", "serviceName=tim08-other&ip=10.11.0.8&port=80");

        Await.until(
                "the other one removed",
                Duration.ofSeconds(6),
                () -> !serviceNames().contains("tim08-other"));

        assertThat(serviceNames()).contains("tim08");
    }

    @Test
    @DisplayName("TIM-09 a registration is seen within a second")
    void readsOwnWrites() {
        for (int i = 1; i <= 20; i++) {
            String ip = "10.11.9." + i;
            register("tim09", ip, "");
            Await.until(
                    ip + " listed",
                    Duration.ofSeconds(1),
                    () -> addresses(list("tim09")).contains(ip));
        }
    }

    @Test
    @DisplayName("TIM-16 a beat whose text names the service without its group keeps the instance of the request")
    void beatWithTheBareName() throws InterruptedException {
        beatsKeepAlive("tim16", "10.11.0.16", "\"serviceName\":\"tim16\",");
    }

    @Test
    @DisplayName("TIM-17 a beat whose text names the service with its group keeps the instance")
    void beatWithTheGroupedName() throws InterruptedException {
        beatsKeepAlive("tim17", "10.11.0.17", "\"serviceName\":\"gX@@tim17\",");
    }

    @Test
    @DisplayName("TIM-18 a beat whose text names no service keeps the instance of the request")
    void beatWithoutAName() throws InterruptedException {
        beatsKeepAlive("tim18", "10.11.0.18", "");
    }

    private static void beatsKeepAlive(String service, String ip, String nameInBeat) throws InterruptedException {
        String metadata = "{" + SHORT_LIMITS + "}";
        String instance = "groupName=gX&ip=" + ip + "&port=80&metadata=" + encoded(metadata);
        assertThat(client.send("POST", "/v1/ns/instance", "serviceName=" + service + "&" + instance)
                        .body())
                .isEqualTo("ok");
        assertThat(client.send("POST", "/v1/ns/instance", "serviceName=" + service + "-other&" + instance)
                        .body())
                .isEqualTo("ok");
        String beat = "{\"ip\":\"" + ip + "\",\"port\":80,\"weight\":1.0," + nameInBeat
                + "\"cluster\":\"DEFAULT\",\"metadata\":" + metadata + "}";
        String query = "serviceName=" + service + "&groupName=gX&beat=" + encoded(beat);
        List<String> seen = new ArrayList<>();
        ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
        try {
            ScheduledFuture<?> beating = beats.scheduleAtFixedRate(
                    () -> client.send("PUT", "/v1/ns/instance/beat", query), 500, 500, TimeUnit.MILLISECONDS);
            Await.until("the one that does not beat gone", Duration.ofSeconds(10), () -> {
                seen.add(healthIn("gX", service));
                return healthIn("gX", service + "-other").equals("gone");
            });
            assertThat(beating.isDone()).as("beats have failed").isFalse();
        } finally {
            beats.shutdownNow();
            beats.awaitTermination(5, TimeUnit.SECONDS);
        }

        assertThat(seen).isNotEmpty().containsOnly("healthy");
    }

    @Test
    @Tag("long")
    @DisplayName("TIM-10 a subscriber that stops asking leaves the list within 40 s")
    void subscriberExpires() {
        try (UdpReceiver receiver = UdpReceiver.open()) {
            register("tim10", "10.11.0.10", "{\"enableClientBeat\":\"true\"}");
            subscribe("tim10", receiver, "Nacos-Java-Client:v1.4.6");
            assertThat(subscriberCount("tim10")).isEqualTo(1);

            Await.until("no subscriber", Duration.ofSeconds(40), () -> subscriberCount("tim10") == 0);
        }
    }

    @Test
    @DisplayName("the list of subscribers names address, agent and service")
    void subscriberIsListed() {
        try (UdpReceiver receiver = UdpReceiver.open()) {
            subscribe("udp-listed", receiver, "Nacos-Java-Client:v1.4.6");

            JsonNode answer = client.send("GET", "/v1/ns/service/subscribers", "serviceName=udp-listed")
                    .json();

            assertThat(answer.path("count").asInt()).isEqualTo(1);
            JsonNode subscriber = answer.path("subscribers").path(0);
            assertThat(subscriber.propertyNames())
                    .containsExactlyInAnyOrder(
                            "addrStr", "agent", "app", "ip", "port", "namespaceId", "serviceName", "cluster");
            assertThat(subscriber.path("addrStr").asString()).isEqualTo("127.0.0.1:" + receiver.port());
            assertThat(subscriber.path("agent").asString()).isEqualTo("Nacos-Java-Client:v1.4.6");
            assertThat(subscriber.path("serviceName").asString()).isEqualTo("DEFAULT_GROUP@@udp-listed");
            assertThat(subscriber.path("namespaceId").asString()).isEqualTo("public");
        }
    }

    @Test
    @DisplayName("UDP-01 a subscriber gets the service at once, UDP-02 and again when it changes")
    void pushesToASubscriber() {
        try (UdpReceiver receiver = UdpReceiver.open()) {
            register("udp1", "10.12.0.1", "");
            subscribe("udp1", receiver, "Nacos-Java-Client:v1.4.6");

            UdpReceiver.Push first = receiver.receiveAndAcknowledge(Duration.ofSeconds(1));

            assertThat(first.packet().propertyNames()).containsExactlyInAnyOrder("type", "data", "lastRefTime");
            assertThat(first.packet().path("type").asString()).isEqualTo("dom");
            assertThat(first.packet().path("data").isString()).isTrue();
            assertThat(first.packet().path("lastRefTime").isIntegralNumber()).isTrue();
            assertThat(first.data().propertyNames())
                    .containsExactlyInAnyOrder(
                            "name",
                            "clusters",
                            "cacheMillis",
                            "hosts",
                            "lastRefTime",
                            "checksum",
                            "allIPs",
                            "reachProtectionThreshold",
                            "valid");
            assertThat(first.data().path("name").asString()).isEqualTo("DEFAULT_GROUP@@udp1");
            assertThat(addresses(first.data())).containsExactly("10.12.0.1");

            register("udp1", "10.12.0.2", "");
            UdpReceiver.Push second = receiver.receiveAndAcknowledge(Duration.ofSeconds(1));

            assertThat(addresses(second.data())).containsExactlyInAnyOrder("10.12.0.1", "10.12.0.2");
        }
    }

    @Test
    @Tag("long")
    @DisplayName("UDP-03 a push without acknowledgement is repeated once after 10 s, an acknowledged one never")
    void repeatsWithoutAcknowledgement() {
        try (UdpReceiver silent = UdpReceiver.open();
                UdpReceiver acknowledging = UdpReceiver.open()) {
            register("udp3", "10.12.3.1", "{\"enableClientBeat\":\"true\"}");
            subscribe("udp3", silent, "Nacos-Java-Client:v1.4.6");
            subscribe("udp3", acknowledging, "Nacos-Java-Client:v1.4.6");
            acknowledging.receiveAndAcknowledge(Duration.ofSeconds(1));
            UdpReceiver.Push first = silent.next(Duration.ofSeconds(1));
            long sent = System.nanoTime();

            UdpReceiver.Push again = silent.next(Duration.ofSeconds(12));

            assertThat(again.hex()).isEqualTo(first.hex());
            assertThat(secondsSince(sent)).isGreaterThan(9.5);
            assertThat(silent.receive(Duration.ofSeconds(11))).isNull();
            assertThat(acknowledging.receive(Duration.ofMillis(1))).isNull();
        }
    }

    @Test
    @DisplayName("UDP-04 a push of 1024 bytes and more is compressed")
    void compressesLargePushes() {
        try (UdpReceiver receiver = UdpReceiver.open()) {
            for (int i = 1; i <= 10; i++) {
                register("udp4", "10.12.4." + i, "");
            }
            subscribe("udp4", receiver, "Nacos-Java-Client:v1.4.6");

            UdpReceiver.Push push = receiver.receiveAndAcknowledge(Duration.ofSeconds(1));

            assertThat(push.compressed()).isTrue();
            assertThat(addresses(push.data())).hasSize(10);
        }
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "UAG-01, Nacos-Java-Client:v1.4.6,   true",
        "UAG-02, Nacos-Java-Client:v2.5.1,   true",
        "UAG-03, Nacos-Go-Client:v1.0.0,     true",
        "UAG-04, Nacos-Python-Client:v1.0,   false",
        "UAG-05, Nacos-DNS:v1.0.0,           true",
        "UAG-06, Nacos-C-Client:v1.0.12,     true",
        "UAG-07, Nacos-CSharp-Client:v1.0,   true",
        "UAG-08, Nacos-SDK-Java:v1.0,        false",
        "UAG-09, curl/8,                     false",
        "UAG-10, Nacos-Nodejs-SDK:v1,        false",
        "UAG-11, Nacos-Java-Client,          false",
    })
    @DisplayName("UAG-01 to UAG-11 only agents that understand pushes are subscribed")
    void subscribesByAgent(String number, String agent, boolean eligible) {
        // No name contains another: the list of subscribers finds services by a part of their name.
        String service = number.toLowerCase(Locale.ROOT) + "-agent";
        register(service, "10.12.5.1", "");
        try (UdpReceiver receiver = UdpReceiver.open()) {
            subscribe(service, receiver, agent);

            assertThat(subscriberCount(service)).isEqualTo(eligible ? 1 : 0);
            UdpReceiver.Push push = receiver.receive(Duration.ofSeconds(eligible ? 2 : 1));
            assertThat(push != null).as("gets a datagram").isEqualTo(eligible);
            if (push != null) {
                receiver.acknowledge(push);
            }
        }
    }

    @Test
    @DisplayName("ODD-18 the context path alone leads to the one with a slash")
    void contextPathAlone() {
        WireClient.Answer answer = client.send("GET", "/nacos", null, Map.of(), null);

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.location()).endsWith("/nacos/");
        assertThat(answer.body()).isEmpty();
    }

    private static void register(String service, String ip, String metadata) {
        String query = "serviceName=" + service + "&ip=" + ip + "&port=80&metadata=" + encoded(metadata);
        assertThat(client.send("POST", "/v1/ns/instance", query).body()).isEqualTo("ok");
    }

    private static void subscribe(String service, UdpReceiver receiver, String agent) {
        WireClient.Answer answer = client.send(
                "GET",
                "/nacos/v1/ns/instance/list",
                "serviceName=" + service + "&clientIP=127.0.0.1&udpPort=" + receiver.port(),
                Map.of("User-Agent", agent),
                null);
        assertThat(answer.status()).isEqualTo(200);
    }

    private static JsonNode list(String service) {
        return client.send("GET", "/v1/ns/instance/list", "serviceName=" + service)
                .json();
    }

    private static String health(String service) {
        return healthIn("DEFAULT_GROUP", service);
    }

    private static String healthIn(String group, String service) {
        JsonNode hosts = list(group + "@@" + service).path("hosts");
        return hosts.isEmpty() ? "gone" : hosts.path(0).path("healthy").asBoolean() ? "healthy" : "unhealthy";
    }

    private static List<String> addresses(JsonNode service) {
        List<String> addresses = new ArrayList<>();
        service.path("hosts").forEach(h -> addresses.add(h.path("ip").asString()));
        return addresses;
    }

    private static List<String> serviceNames() {
        List<String> names = new ArrayList<>();
        client.send("GET", "/v1/ns/service/list", "pageNo=1&pageSize=500")
                .json()
                .path("doms")
                .forEach(n -> names.add(n.asString()));
        return names;
    }

    private static int subscriberCount(String service) {
        return client.send("GET", "/v1/ns/service/subscribers", "serviceName=" + service)
                .json()
                .path("count")
                .asInt();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
