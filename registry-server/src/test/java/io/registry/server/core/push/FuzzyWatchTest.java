package io.registry.server.core.push;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.core.CoreFixture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class FuzzyWatchTest {

    private final CoreFixture core = new CoreFixture();
    private final CoreFixture.Receiver watcher = core.connect("w");
    private final CoreFixture.Receiver publisher = core.connect("p");

    @ParameterizedTest
    @CsvSource({
        "x*, xy, true",
        "x*, yx, false",
        "*x, yx, true",
        "*x, xy, false",
        "*x*, yxy, true",
        "x, x, true",
        "x, xy, false",
        "*, anything, true",
        ".*, .dot, true",
        ".*, dot, false",
        "a*b, ab, false"
    })
    void aStarStandsForAnythingAtTheEndsOnly(String pattern, String name, boolean expected) {
        assertThat(FuzzyPattern.parse("public>>DEFAULT_GROUP>>" + pattern).matches(service(name)))
                .isEqualTo(expected);
    }

    @Test
    void theFirstSynchronisationGoesInBatchesAndEndsWhenAllAreAcknowledged() {
        for (int i = 0; i < 25; i++) {
            publish("s" + i);
        }
        watch(true, List.of());
        core.time.advance(Duration.ofMillis(100));

        assertThat(watcher.pushes).hasSize(3);
        acknowledge(0);
        acknowledge(1);
        assertThat(watcher.pushes).hasSize(3);
        acknowledge(2);

        assertThat(watcher.pushes).hasSize(4);
        assertThat(watcher.pushes.get(3)).isInstanceOfSatisfying(Push.FuzzySync.class, last -> {
            assertThat(last.type()).isEqualTo("FINISH_FUZZY_WATCH_INIT_NOTIFY");
            assertThat(last.services()).isEmpty();
        });
    }

    @Test
    void aServiceThatComesAndGoesIsTold() {
        watch(true, List.of());
        core.time.advance(Duration.ofMillis(100));
        watcher.pushes.clear();

        publish("orders");
        core.operators.connections().deregister(CoreFixture.CALLER, publisher.client, service("orders"));

        assertThat(watcher.pushes)
                .extracting(
                        push -> push instanceof Push.FuzzyChange change ? change.service() + " " + change.added() : "?")
                .containsExactly("public@@DEFAULT_GROUP@@orders true", "public@@DEFAULT_GROUP@@orders false");
    }

    @Test
    void aClientThatComesBackIsToldTheDifference() {
        publish("orders");
        watch(false, List.of("public@@DEFAULT_GROUP@@gone"));
        core.time.advance(Duration.ofMillis(100));

        assertThat(watcher.pushes)
                .hasSize(2)
                .anySatisfy(push -> assertThat(push).isInstanceOfSatisfying(Push.FuzzyChange.class, change -> {
                    assertThat(change.added()).isFalse();
                    assertThat(change.service()).endsWith("gone");
                }))
                .anySatisfy(push -> assertThat(push).isInstanceOfSatisfying(Push.FuzzySync.class, sync -> {
                    assertThat(sync.type()).isEqualTo("FUZZY_WATCH_DIFF_SYNC_NOTIFY");
                    assertThat(sync.services()).containsExactly("public@@DEFAULT_GROUP@@orders");
                }));
    }

    private void publish(String name) {
        core.operators
                .connections()
                .register(CoreFixture.CALLER, publisher.client, service(name), instance("10.0.0.1", 80))
                .toCompletableFuture()
                .join();
    }

    private void watch(boolean initial, List<String> known) {
        core.operators
                .connections()
                .watch(watcher.client, FuzzyPattern.parse("public>>DEFAULT_GROUP>>*"), initial, known)
                .toCompletableFuture()
                .join();
    }

    private void acknowledge(int push) {
        core.operators
                .connections()
                .acknowledged(watcher.client, watcher.pushes.get(push).id(), true);
    }
}
