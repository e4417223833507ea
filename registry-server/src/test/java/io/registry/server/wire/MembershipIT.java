package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A cluster of real servers whose members come, go and move. Each test leaves members that have a majority running. */
class MembershipIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String MEMBER = "/v3/admin/core/cluster/member";
    private static final JsonMapper JSON = new JsonMapper();

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
    void membersComeAndGoWhileWritesGoOnAndNoneIsLost() {
        List<RegistryProcess> first = List.copyOf(cluster.nodes());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger count = new AtomicInteger();
            List<Writer> writers = new ArrayList<>();
            List<CompletableFuture<Void>> writing = new ArrayList<>();
            RegistryProcess leader = first.stream()
                    .filter(node -> node.address().equals(leader(first.get(0))))
                    .findFirst()
                    .orElseThrow();
            List<RegistryProcess> others =
                    first.stream().filter(node -> !node.equals(leader)).toList();
            for (RegistryProcess node : others) {
                Writer writer = new Writer(writers.size(), 5);
                writer.prepare(node);
                writers.add(writer);
                writing.add(CompletableFuture.runAsync(() -> writer.write(node, count, stop::get), threads));
            }

            RegistryProcess fourth = cluster.launchAnother();
            awaitLine(
                    fourth,
                    "waits, not ready, until an operator adds it: POST /nacos" + MEMBER + "?address="
                            + fourth.address());
            assertThat(fourth.isReady()).isFalse();
            assertThat(change("POST", others.get(0), fourth.address())).isEqualTo(200);
            fourth.awaitReady();
            awaitMembers(cluster.nodes());
            int before = count.get();
            Await.until("writes with four members", SOON, () -> count.get() >= before + 20);

            assertThat(change("DELETE", others.get(1), leader.address())).isEqualTo(200);
            cluster.forget(leader);
            awaitMembers(cluster.nodes());
            awaitLine(leader, "this node is no longer a member of the cluster");
            Await.until("not ready any more", SOON, () -> !leader.isReady());
            int after = count.get();
            Await.until(
                    "writes with three members",
                    SOON,
                    () -> count.get() >= after + 20 || writing.stream().allMatch(CompletableFuture::isDone));

            stop.set(true);
            writing.forEach(CompletableFuture::join);
            for (Writer writer : writers) {
                cluster.nodes()
                        .forEach(node -> Await.until(
                                "what was written, on " + node.address(),
                                SOON,
                                () -> writer.difference(node).isEmpty()));
            }
            restartedWithoutBeingAMember(leader);
        } finally {
            threads.shutdownNow();
        }
        withoutALivingMajorityNobodyIsRemoved();
    }

    @Test
    @Tag("long")
    void aMemberThatComesBackElsewhereIsFoundThere() {
        cluster.node(1).kill();
        RegistryProcess moved = cluster.move(cluster.node(1));

        moved.restart();

        awaitMembers(cluster.nodes());
        new Http(cluster.node(0))
                .send(
                        "POST",
                        "/v1/ns/instance",
                        "serviceName",
                        "moved",
                        "ip",
                        "10.9.0.1",
                        "port",
                        80,
                        "ephemeral",
                        false);
        Await.until(
                "written there as well",
                SOON,
                () -> new Http(moved)
                        .send("GET", "/v1/ns/instance/list", "serviceName", "moved")
                        .contains("10.9.0.1"));
    }

    private static void restartedWithoutBeingAMember(RegistryProcess removed) {
        removed.kill();
        int end = removed.log().length();
        removed.launch();
        Await.until(
                "says so again",
                SOON,
                () -> removed.log().substring(end).contains("no longer a member of the cluster"));
        assertThat(removed.isReady()).isFalse();
        HttpResponse<String> refused = new Http(cluster.node(0)).exchange("POST", MEMBER, "address", removed.address());
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains("a member that was removed (expected: a node with an empty data directory)");
        removed.kill();
    }

    private static void withoutALivingMajorityNobodyIsRemoved() {
        String leads = leader(cluster.node(0));
        List<RegistryProcess> others = cluster.nodes().stream()
                .filter(node -> !node.address().equals(leads))
                .toList();
        RegistryProcess dead = others.get(0);
        RegistryProcess living = others.get(1);
        dead.kill();

        HttpResponse<String> refused = new Http(living).exchange("DELETE", MEMBER, "address", living.address());

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains("without which 2 members are left, of whom 1 answer (expected: at least 2, a majority)");
        assertThat(change("DELETE", living, dead.address())).isEqualTo(200);
        cluster.forget(dead);
        awaitMembers(cluster.nodes());
    }

    private static int change(String method, RegistryProcess node, String address) {
        HttpResponse<String> answer = new Http(node).exchange(method, MEMBER, "address", address);
        assertThat(answer.body()).as(node.log()).contains("\"code\":0");
        return answer.statusCode();
    }

    private static JsonNode members(RegistryProcess node) {
        return JSON.readTree(new Http(node).send("GET", MEMBER)).get("data");
    }

    private static String leader(RegistryProcess node) {
        for (JsonNode member : members(node)) {
            if (member.get("leader").asBoolean()) {
                return member.get("address").asString();
            }
        }
        throw new AssertionError("no leader: " + members(node));
    }

    private static void awaitMembers(List<RegistryProcess> expected) {
        List<String> addresses =
                expected.stream().map(RegistryProcess::address).sorted().toList();
        for (RegistryProcess node : expected) {
            Await.until("members " + addresses + " on " + node.address(), SOON, () -> {
                List<String> shown = new ArrayList<>();
                members(node).forEach(member -> shown.add(member.get("address").asString()));
                List<String> listed = new ArrayList<>();
                JSON.readTree(new Http(node).send("GET", "/v1/core/cluster/nodes"))
                        .get("data")
                        .forEach(member -> listed.add(member.get("address").asString()));
                return shown.stream().sorted().toList().equals(addresses)
                        && listed.stream().sorted().toList().equals(addresses);
            });
        }
    }

    private static void awaitLine(RegistryProcess node, String line) {
        Await.until(line, SOON, () -> node.log().contains(line));
    }
}
