package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static io.registry.server.wire.WireAssert.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection.Acks;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fuzzy watch, items F01 to F10. */
@ExtendWith(SharedRegistry.class)
class FuzzyWatchWireIT {

    private static final String SYNC = "NamingFuzzyWatchSyncRequest";
    private static final String CHANGE = "NamingFuzzyWatchChangeNotifyRequest";
    private static final Duration QUIET = Duration.ofMillis(1_500);

    private final String group = Unique.name("fuzzy");
    private final String pattern = "public>>" + group + ">>*";
    private final Naming watcher;
    private final Naming publisher;
    private final RegistryProcess server;

    FuzzyWatchWireIT(RegistryProcess server) {
        this.server = server;
        watcher = Naming.on(server.port());
        publisher = Naming.on(server.port()).group(group);
    }

    @AfterEach
    void end() {
        watcher.close();
        publisher.close();
    }

    @Test
    void f01WhatMatchesIsSyncedAndThenFinished() {
        publish("a", "b");
        ok("NamingFuzzyWatchResponse", watch());

        Message init = watcher.connection().awaitPush(SYNC);
        assertThat(init.text("syncType")).isEqualTo("FUZZY_WATCH_INIT_NOTIFY");
        assertThat(init.text("groupKeyPattern")).isEqualTo(pattern);
        assertThat(init.text("requestId")).isNotEmpty();
        assertThat(keys(init)).containsExactlyInAnyOrder(key("a"), key("b"));
        init.body()
                .required("contexts")
                .forEach(context ->
                        assertThat(context.required("changedType").asString()).isEqualTo("ADD_SERVICE"));
        Message finish = watcher.connection().awaitPush(SYNC);
        assertThat(finish.text("syncType")).isEqualTo("FINISH_FUZZY_WATCH_INIT_NOTIFY");
        assertThat(finish.text("groupKeyPattern")).isEqualTo(pattern);
        assertThat(finish.body().path("contexts").size()).isZero();
    }

    @Test
    void f02WithoutAMatchThereIsOnlyTheFinish() {
        ok("NamingFuzzyWatchResponse", watch());

        Message finish = watcher.connection().awaitPush(SYNC);
        assertThat(finish.text("syncType")).isEqualTo("FINISH_FUZZY_WATCH_INIT_NOTIFY");
        assertThat(watcher.pushes().poll(QUIET, any -> true)).isNull();
    }

    @Test
    void f03ManyMatchesComeInBatchesAndTheFinishAfterTheAcks() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            publish("svc" + i);
            expected.add(key("svc" + i));
        }
        watcher.connection().acks(Acks.NONE);
        watch();
        List<String> seen = new ArrayList<>();
        List<Message> batches = new ArrayList<>();
        for (int batch = 1; batch <= 3; batch++) {
            Message init = watcher.connection().awaitPush(SYNC);
            assertThat(init.text("syncType")).isEqualTo("FUZZY_WATCH_INIT_NOTIFY");
            assertThat(init.body().required("currentBatch").asInt()).isEqualTo(batch);
            assertThat(init.body().required("totalBatch").asInt()).isEqualTo(3);
            assertThat(keys(init)).hasSizeLessThanOrEqualTo(10);
            seen.addAll(keys(init));
            batches.add(init);
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(watcher.pushes().poll(QUIET, push -> push.text("syncType").startsWith("FINISH")))
                .as("before the acks")
                .isNull();

        watcher.connection().acks(Acks.SUCCESS);
        batches.forEach(
                batch -> watcher.connection().ack("NamingFuzzyWatchChangeNotifyResponse", batch.text("requestId")));
        watcher.pushes().await("finish", push -> push.text("syncType").equals("FINISH_FUZZY_WATCH_INIT_NOTIFY"));
    }

    @Test
    void f04ANewServiceIsNotified() {
        watchToTheFinish();
        publish("late");

        Message change = watcher.connection().awaitPush(CHANGE);
        assertThat(change.text("syncType")).isEqualTo("FUZZY_WATCH_RESOURCE_CHANGED");
        assertThat(change.text("serviceKey")).isEqualTo(key("late"));
        assertThat(change.text("changedType")).isEqualTo("ADD_SERVICE");
        assertThat(change.text("requestId")).isNotEmpty();
    }

    @Test
    void f05TheLastInstanceLeavingIsNotified() {
        publish("a");
        watchToTheFinish();
        publisher.deregister("a", "10.0.0.1", 1);

        Message change = watcher.connection().awaitPush(CHANGE);
        assertThat(change.text("serviceKey")).isEqualTo(key("a"));
        assertThat(change.text("changedType")).isEqualTo("DELETE_SERVICE");
    }

    @Test
    void f05AServiceThatComesAndGoesAndComesIsNotifiedInThatOrder() {
        watchToTheFinish();
        publish("a");
        assertThat(watcher.connection().awaitPush(CHANGE).text("changedType")).isEqualTo("ADD_SERVICE");
        publisher.deregister("a", "10.0.0.1", 1);
        assertThat(watcher.connection().awaitPush(CHANGE).text("changedType")).isEqualTo("DELETE_SERVICE");
        publish("a");
        assertThat(watcher.connection().awaitPush(CHANGE).text("changedType")).isEqualTo("ADD_SERVICE");
    }

    @Test
    void f06AWatchAfterAReconnectGetsTheDifference() {
        publish("known", "new");
        ok("NamingFuzzyWatchResponse", watcher.fuzzyWatch(pattern, "WATCH", false, List.of(key("known"), key("gone"))));

        // The two travel separately, in any order.
        List<Message> pushes = new ArrayList<>();
        pushes.add(watcher.pushes().await("first", push -> push.type().startsWith("NamingFuzzyWatch")));
        pushes.add(watcher.pushes().await("second", push -> push.type().startsWith("NamingFuzzyWatch")));
        Message sync = only(pushes, SYNC);
        assertThat(sync.text("syncType")).isEqualTo("FUZZY_WATCH_DIFF_SYNC_NOTIFY");
        assertThat(keys(sync)).containsExactly(key("new"));
        Message change = only(pushes, CHANGE);
        assertThat(change.text("serviceKey")).isEqualTo(key("gone"));
        assertThat(change.text("changedType")).isEqualTo("DELETE_SERVICE");
    }

    @Test
    void f06AWatchThatKnowsEverythingIsPushedNothing() {
        publish("known");
        ok("NamingFuzzyWatchResponse", watcher.fuzzyWatch(pattern, "WATCH", false, List.of(key("known"))));

        Message push = watcher.pushes().poll(QUIET, p -> !p.text("syncType").equals("FINISH_FUZZY_WATCH_INIT_NOTIFY"));
        assertThat(push).isNull();
    }

    @Test
    void f07ACancelledWatchIsPushedNothing() {
        watchToTheFinish();
        ok("NamingFuzzyWatchResponse", watcher.fuzzyWatch(pattern, "CANCEL_WATCH", false, List.of(key("a"))));
        publish("late");

        assertThat(watcher.pushes().poll(QUIET, any -> true)).isNull();
    }

    @Test
    void aWatchThatWasCancelledBeginsAnewAndOthersNeverEnded() {
        try (Naming other = Naming.on(server.port())) {
            ok("NamingFuzzyWatchResponse", other.fuzzyWatch(pattern, "WATCH", true, List.of()));
            other.connection().awaitPush(SYNC);
            watchToTheFinish();
            ok("NamingFuzzyWatchResponse", watcher.fuzzyWatch(pattern, "CANCEL_WATCH", false, List.of()));
            ok("NamingFuzzyWatchResponse", watcher.fuzzyWatch(pattern, "CANCEL_WATCH", false, List.of()));

            publish("late");
            assertThat(other.connection().awaitPush(CHANGE).text("serviceKey")).isEqualTo(key("late"));
            ok("NamingFuzzyWatchResponse", watch());

            assertThat(keys(watcher.connection().awaitPush(SYNC))).containsExactly(key("late"));
        }
    }

    @Test
    void f08TheAckOfTheChangeTypeCountsForASync() {
        publish("a");
        // That is the type that this client acknowledges every fuzzy push with: a finish proves that it counted.
        watchToTheFinish();

        assertThat(watcher.pushes().poll(Duration.ofSeconds(7), any -> true))
                .as("no repetition")
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "abc, abc, true",
        "abc, abcd, false",
        "*, abc, true",
        "ab*, abc, true",
        "ab*, cab, false",
        "*bc, abc, true",
        "*bc, bcd, false",
        "*b*, abc, true",
        "*b*, acd, false",
        "a*c, abc, false",
        "a*c, a*c, false",
        ".*, abc, false",
        ".*, .dot, true",
    })
    void f09PatternsMatchLiterally(String servicePattern, String name, boolean matches) {
        publish(name);
        watcher.fuzzyWatch("public>>" + group + ">>" + servicePattern, "WATCH", true, List.of());
        Message first = watcher.connection().awaitPush(SYNC);

        assertThat(keys(first)).isEqualTo(matches ? List.of(key(name)) : List.of());
    }

    @ParameterizedTest
    @CsvSource({"true, *", "true, prefix", "true, suffix", "false, other"})
    void f09GroupsMatchLikeServices(boolean matches, String how) {
        String groupPattern = switch (how) {
            case "*" -> "*";
            case "prefix" -> group.substring(0, group.length() - 1) + "*";
            case "suffix" -> "*" + group.substring(1);
            default -> group + "x";
        };
        String name = Unique.name("only");
        publish(name);
        watcher.fuzzyWatch("public>>" + groupPattern + ">>" + name, "WATCH", true, List.of());

        Message first = watcher.connection().awaitPush(SYNC);
        assertThat(keys(first)).isEqualTo(matches ? List.of(key(name)) : List.of());
    }

    @Test
    void f10AnUnknownWatchTypeIsRefused() {
        Message answer = watcher.fuzzyWatch(pattern, "PEEK", true, List.of());

        assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.resultCode()).isNotEqualTo(200);
        publish("a");
        assertThat(watcher.pushes().poll(QUIET, any -> true)).isNull();
    }

    @Test
    void theTwentyFirstPatternIsRefused() {
        for (int i = 0; i < 20; i++) {
            ok("NamingFuzzyWatchResponse", watcher.fuzzyWatch(pattern + i, "WATCH", true, List.of()));
        }

        refused("NamingFuzzyWatchResponse", 50310, watcher.fuzzyWatch(pattern + 20, "WATCH", true, List.of()));
        ok("NamingFuzzyWatchResponse", watcher.fuzzyWatch(pattern + 0, "WATCH", true, List.of()));
        ok("NamingFuzzyWatchResponse", watcher.fuzzyWatch(pattern + 0, "CANCEL_WATCH", true, List.of()));
        ok("NamingFuzzyWatchResponse", watcher.fuzzyWatch(pattern + 20, "WATCH", true, List.of()));
    }

    private Message watch() {
        return watcher.fuzzyWatch(pattern, "WATCH", true, List.of());
    }

    private void watchToTheFinish() {
        watch();
        watcher.pushes().await("finish", push -> push.text("syncType").equals("FINISH_FUZZY_WATCH_INIT_NOTIFY"));
    }

    private void publish(String... services) {
        for (String service : services) {
            ok("InstanceResponse", publisher.register(service, "10.0.0.1", 1));
        }
    }

    private String key(String service) {
        return "public@@" + group + "@@" + service;
    }

    private static Message only(List<Message> pushes, String type) {
        List<Message> found =
                pushes.stream().filter(push -> push.type().equals(type)).toList();
        assertThat(found).as(type + " among " + pushes).hasSize(1);
        return found.get(0);
    }

    private static List<String> keys(Message sync) {
        List<String> keys = new ArrayList<>();
        sync.body()
                .path("contexts")
                .forEach(context -> keys.add(context.required("serviceKey").asString()));
        return keys;
    }
}
