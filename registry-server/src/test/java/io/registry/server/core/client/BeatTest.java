package io.registry.server.core.client;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.operate.BeatAnswer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class BeatTest {

    private final CoreFixture core = new CoreFixture();
    private final ServiceKey orders = service("orders");

    @Test
    void aSilentInstanceIsUnhealthyAfterItsTimeoutAndGoneAfterItsDeleteTimeout() {
        register(instance("10.0.0.1", 80));

        core.time.advance(Duration.ofSeconds(15));
        assertThat(healthy()).isTrue();
        core.time.advance(Duration.ofSeconds(1));
        assertThat(healthy()).isFalse();
        core.time.advance(Duration.ofSeconds(14));
        assertThat(core.shown(orders)).hasSize(1);
        core.time.advance(Duration.ofSeconds(1));
        assertThat(core.shown(orders)).isEmpty();
    }

    @Test
    void theTimesOfAnInstanceAreItsOwn() {
        Instance quick = new Instance(
                "",
                "10.0.0.1",
                80,
                1,
                true,
                true,
                true,
                "DEFAULT",
                Map.of(
                        "preserved.heart.beat.interval", "1000",
                        "preserved.heart.beat.timeout", "2000",
                        "preserved.ip.delete.timeout", "4000"));
        register(quick);

        core.time.advance(Duration.ofSeconds(3));
        assertThat(healthy()).isFalse();
        core.time.advance(Duration.ofSeconds(2));
        assertThat(core.shown(orders)).isEmpty();
    }

    @Test
    void beatsKeepAnInstanceAliveAndHealthy() {
        register(instance("10.0.0.1", 80));
        for (int i = 0; i < 60; i++) {
            core.time.advance(Duration.ofSeconds(5));
            assertThat(beat(null).code()).isEqualTo(BeatAnswer.HEARD);
        }

        assertThat(healthy()).isTrue();
    }

    @Test
    void aBeatHealsAnUnhealthyInstance() {
        register(instance("10.0.0.1", 80));
        core.time.advance(Duration.ofSeconds(20));
        assertThat(healthy()).isFalse();

        beat(null);

        assertThat(healthy()).isTrue();
    }

    @Test
    void aLightBeatOfAnUnknownInstanceAsksItToRegister() {
        assertThat(beat(null)).isEqualTo(new BeatAnswer(BeatAnswer.REGISTER, 5_000, true));
        assertThat(core.services.serviceCount()).isZero();
    }

    @Test
    void aFullBeatOfAnUnknownInstanceRegistersIt() {
        assertThat(beat(instance("10.0.0.1", 80)).code()).isEqualTo(BeatAnswer.HEARD);
        assertThat(core.shown(orders)).containsExactly("10.0.0.1:80");
    }

    @Test
    void aBeatUnderWayDoesNotBringADeregisteredInstanceBack() {
        register(instance("10.0.0.1", 80));
        core.operators.instances().deregister(CoreFixture.CALLER, orders, "10.0.0.1", 80, true);

        assertThat(beat(instance("10.0.0.1", 80)).code()).isEqualTo(BeatAnswer.HEARD);
        assertThat(core.shown(orders)).isEmpty();
        core.time.advance(Duration.ofSeconds(6));
        assertThat(beat(instance("10.0.0.1", 80)).code()).isEqualTo(BeatAnswer.REGISTER);
        assertThat(core.shown(orders)).isEmpty();
    }

    @Test
    void anExemptInstanceNeverExpires() {
        register(new Instance("", "10.0.0.1", 80, 1, true, true, true, "DEFAULT", Map.of("enableClientBeat", "true")));

        core.time.advance(Duration.ofHours(1));

        assertThat(healthy()).isTrue();
    }

    private void register(Instance instance) {
        core.operators
                .instances()
                .register(CoreFixture.CALLER, orders, instance)
                .toCompletableFuture()
                .join();
    }

    private BeatAnswer beat(@Nullable Instance full) {
        return core.operators
                .instances()
                .beat(CoreFixture.CALLER, orders, "10.0.0.1", 80, full)
                .toCompletableFuture()
                .join();
    }

    private boolean healthy() {
        return core.services.viewOrAbsent(orders).instances().get(0).healthy();
    }
}
