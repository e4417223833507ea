package io.registry.proto.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.model.Instance;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.HostList;
import io.registry.proto.payload.ServerAnswer;
import io.registry.proto.payload.ServerPush;
import io.registry.proto.payload.WireService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerDecoderTest {

    private static final String HOST = """
            {"instanceId":"%1$s#80#c1#g@@s","ip":"%1$s","port":80,"weight":%2$s,"healthy":true,"enabled":true,\
            "ephemeral":true,"clusterName":"c1","serviceName":"g@@s","metadata":{"k":"a \\"hosts\\":[ ]"},\
            "instanceHeartBeatInterval":5000}""";

    private static String push(String... hosts) {
        return """
                {"headers":{"hosts":"no"},"requestId":"7","serviceInfo":{"name":"s","groupName":"g","clusters":"",\
                "cacheMillis":10000,"hosts":[%s],"lastRefTime":17,"allIPs":false,"reachProtectionThreshold":true},\
                "module":"naming"}""".formatted(String.join(",", hosts));
    }

    private static String host(String ip, String weight) {
        return HOST.formatted(ip, weight);
    }

    private static Instance instance(String ip, double weight) {
        return new Instance("", ip, 80, weight, true, true, true, "c1", Map.of("k", "a \"hosts\":[ ]"), "g@@s");
    }

    private static Envelope envelope(String type, String body) throws Exception {
        return Envelope.decode(
                OutboundEnvelope.answer(type, body.getBytes(UTF_8)).toBytes());
    }

    private static WireService read(String body, HostList known) throws Exception {
        ServerPush push = ServerDecoder.push(envelope("NotifySubscriberRequest", body), (group, name) -> known);
        if (push instanceof ServerPush.NotifySubscriber notify && notify.service() != null) {
            assertThat(notify.requestId()).isEqualTo("7");
            return notify.service();
        }
        throw new AssertionError("no service: " + push);
    }

    @Test
    void pushIsReadWithAllThatItSays() throws Exception {
        WireService service = read(push(host("10.0.0.1", "1.0"), host("10.0.0.2", "2.5")), HostList.EMPTY);

        assertThat(service.name()).isEqualTo("s");
        assertThat(service.group()).isEqualTo("g");
        assertThat(service.lastRefTime()).isEqualTo(17);
        assertThat(service.cacheMillis()).isEqualTo(10_000);
        assertThat(service.reachProtectionThreshold()).isTrue();
        assertThat(service.hosts().instances()).containsExactly(instance("10.0.0.1", 1), instance("10.0.0.2", 2.5));
    }

    @Test
    void unchangedHostsAreTheSameObjects() throws Exception {
        HostList before = read(push(host("10.0.0.1", "1.0"), host("10.0.0.2", "2.0")), HostList.EMPTY)
                .hosts();

        HostList same = read(push(host("10.0.0.1", "1.0"), host("10.0.0.2", "2.0")), before)
                .hosts();
        HostList changed = read(push(host("10.0.0.2", "2.0"), host("10.0.0.3", "1.0"), host("10.0.0.1", "9.0")), before)
                .hosts();

        assertThat(same).isSameAs(before);
        assertThat(changed.instances())
                .containsExactly(instance("10.0.0.2", 2), instance("10.0.0.3", 1), instance("10.0.0.1", 9));
        assertThat(changed.instances().get(0)).isSameAs(before.instances().get(1));
    }

    @Test
    void anyListIsReadAsIfNothingWereKnown() throws Exception {
        Random random = new Random(3);
        HostList known = HostList.EMPTY;
        for (int round = 0; round < 200; round++) {
            List<String> hosts = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                if (random.nextInt(10) > 0) {
                    hosts.add(host("10.0.0." + i, random.nextInt(8) == 0 ? "2.0" : "1.0"));
                }
            }
            if (random.nextInt(5) == 0) {
                Collections.shuffle(hosts, random);
            }
            String body = push(hosts.toArray(new String[0]));

            HostList next = read(body, known).hosts();

            assertThat(next.instances())
                    .isEqualTo(read(body, HostList.EMPTY).hosts().instances());
            assertThat(read(body, next).hosts()).isSameAs(next);
            known = next;
        }
    }

    @Test
    void oneChangeAmongManyCostsOneReading() throws Exception {
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            hosts.add(host("10.0.0." + i, "1.0"));
        }
        HostList before =
                read(push(hosts.toArray(new String[0])), HostList.EMPTY).hosts();
        hosts.set(50, host("10.0.0.50", "7.0"));
        hosts.remove(10);
        hosts.add(70, host("10.0.0.200", "1.0"));

        HostList after = read(push(hosts.toArray(new String[0])), before).hosts();

        Set<Instance> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(before.instances());
        assertThat(after.instances().stream().filter(each -> !known.contains(each)))
                .containsExactly(instance("10.0.0.50", 7), instance("10.0.0.200", 1));
    }

    @Test
    void shorterListIsAnotherList() throws Exception {
        HostList before = read(push(host("10.0.0.1", "1.0"), host("10.0.0.2", "2.0")), HostList.EMPTY)
                .hosts();

        assertThat(read(push(host("10.0.0.1", "1.0")), before).hosts().instances())
                .containsExactly(instance("10.0.0.1", 1));
        assertThat(read(push(), before).hosts().instances()).isEmpty();
    }

    @Test
    void idOfItsOwnIsKept() throws Exception {
        String custom = host("10.0.0.1", "1.0").replace("10.0.0.1#80#c1#g@@s", "mine");

        assertThat(read(push(custom), HostList.EMPTY).hosts().instances())
                .containsExactly(instance("10.0.0.1", 1).withId("mine"));
    }

    @Test
    void truncatedBodyIsMalformed() {
        String whole = push(host("10.0.0.1", "1.0"));
        for (int length = 0; length < whole.length(); length++) {
            String part = whole.substring(0, length);
            assertThatThrownBy(() -> read(part, HostList.EMPTY)).isInstanceOf(MalformedBodyException.class);
        }
    }

    @Test
    void malformedHostsAreMalformed() {
        for (String hosts : List.of("1", "{\"ip\":}", "{\"port\":\"x\"}", "null", "[]", "{}{},")) {
            assertThatThrownBy(() -> read(push(hosts), HostList.EMPTY))
                    .as(hosts)
                    .isInstanceOf(MalformedBodyException.class);
        }
    }

    @Test
    void answersAreRead() throws Exception {
        ServerAnswer.Check check = ServerDecoder.check(envelope(
                "ServerCheckResponse",
                "{\"resultCode\":200,\"connectionId\":\"c\",\"supportAbilityNegotiation\":true}"));
        ServerAnswer.Services services = ServerDecoder.services(
                envelope("ServiceListResponse", "{\"count\":12,\"serviceNames\":[\"a\",\"b\"]}"));
        ServerAnswer.Service service = ServerDecoder.service(
                envelope("QueryServiceResponse", "{\"resultCode\":500,\"errorCode\":403,\"message\":\"no\"}"),
                KnownHosts.none());

        assertThat(check.connectionId()).isEqualTo("c");
        assertThat(check.supportAbilityNegotiation()).isTrue();
        assertThat(services.count()).isEqualTo(12);
        assertThat(services.names()).containsExactly("a", "b");
        assertThat(service.service()).isNull();
        assertThat(service.ack().errorCode()).isEqualTo(403);
    }

    @Test
    void otherPushesAreRead() throws Exception {
        assertThat(ServerDecoder.push(
                        envelope("SetupAckRequest", "{\"abilityTable\":{\"fuzzyWatch\":true}}"), KnownHosts.none()))
                .isEqualTo(new ServerPush.SetupAck(null, Map.of("fuzzyWatch", true)));
        assertThat(ServerDecoder.push(
                        envelope(
                                "ConnectResetRequest", "{\"requestId\":\"1\",\"serverIp\":\"h\",\"serverPort\":\"8\"}"),
                        KnownHosts.none()))
                .isEqualTo(new ServerPush.ConnectReset("1", "h", "8"));
        assertThat(ServerDecoder.push(envelope("NamingFuzzyWatchSyncRequest", """
                                {"requestId":"2","syncType":"FUZZY_WATCH_INIT_NOTIFY","groupKeyPattern":"n>>g>>*",\
                                "contexts":[{"serviceKey":"n@@g@@a","changedType":"ADD_SERVICE"}]}"""), KnownHosts.none()))
                .isEqualTo(new ServerPush.FuzzyWatch(
                        "2", "FUZZY_WATCH_INIT_NOTIFY", "n>>g>>*", List.of(new ServerPush.Change("n@@g@@a", true))));
        assertThat(ServerDecoder.push(envelope("SomethingElse", "{}"), KnownHosts.none()))
                .isNull();
    }

    @Test
    void serviceOfHttpIsReadWithItsGroup() throws Exception {
        WireService service = ServerDecoder.httpService(
                "{\"name\":\"g@@s\",\"hosts\":[{\"ip\":\"::1\",\"port\":1}],\"cacheMillis\":3000}".getBytes(UTF_8),
                KnownHosts.none());

        assertThat(service.name()).isEqualTo("s");
        assertThat(service.group()).isEqualTo("g");
        assertThat(service.hosts().instances())
                .containsExactly(new Instance("", "::1", 1, 1, true, true, true, "DEFAULT", Map.of(), "g@@s"));
    }
}
