package io.registry.server.core.health;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.port.DistroTimer;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.UnkeptLog;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.HealthCheck;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When is asked, and what follows, on manual time; what is asked is answered by the test. */
@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class HealthChecksTest {

    private final CoreFixture core = new CoreFixture();
    private final ServiceKey orders = service("orders");
    private final ServiceKey stock = service("stock");
    private final List<HealthProbe.Target> asked = new ArrayList<>();
    private HealthProbe.Result result = HealthProbe.Result.SUCCESS;
    private boolean leader = true;
    private boolean mine = true;
    private int proposals;

    private final PersistentLog kept = new UnkeptLog(core.loop, core.store, core.services::changed, () -> true);
    private final HealthChecks checks = new HealthChecks(
            timer(), core.time, new Random(1), this::answer, core.store, new Log(), core.switches, () -> mine);

    HealthChecksTest() {
        core.events.subscribers(List.of(core.pushes, core.watches, checks));
        checks.start();
    }

    private DistroTimer timer() {
        return (delay, task) -> {
            ScheduledFuture<?> future = core.time.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        };
    }

    private void answer(HealthProbe.Target target, Consumer<HealthProbe.Result> told) {
        asked.add(target);
        told.accept(result);
    }

    /** A log that has lost its leader on demand. */
    private final class Log implements PersistentLog {
        @Override
        public CompletionStage<@Nullable Void> propose(PersistentCommand command) {
            proposals++;
            return leader
                    ? kept.propose(command)
                    : CompletableFuture.failedFuture(new RegistryException(ErrorCode.NO_LEADER, "no leader"));
        }

        @Override
        public boolean leads() {
            return true;
        }

        @Override
        public String describe() {
            return "test";
        }

        @Override
        public CompletableFuture<@Nullable Void> start() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }

    private void put(ServiceKey service, String ip, boolean healthy) {
        Instance persistent = new Instance("", ip, 80, 1, healthy, true, false, "DEFAULT", Map.of());
        kept.propose(new PersistentCommand.PutInstance(service, persistent));
    }

    private boolean healthy(ServiceKey service) {
        return core.services.viewOrAbsent(service).instances().get(0).healthy();
    }

    private void pass(int seconds) {
        core.time.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void threeSuccessesMakeHealthyAndTwoDoNot() {
        put(orders, "10.0.0.1", false);
        while (asked.size() < 2) {
            core.time.advance(Duration.ofMillis(100));
        }
        assertThat(healthy(orders)).isFalse();

        pass(6);

        assertThat(asked.size()).isGreaterThanOrEqualTo(3);
        assertThat(healthy(orders)).isTrue();
    }

    @Test
    void aRefusalMakesUnhealthyAtOnce() {
        result = HealthProbe.Result.REFUSED;
        put(orders, "10.0.0.1", true);
        while (asked.isEmpty()) {
            core.time.advance(Duration.ofMillis(100));
        }

        assertThat(healthy(orders)).isFalse();
    }

    @Test
    void failuresCountOnlyInARow() {
        put(orders, "10.0.0.1", true);
        for (int i = 0; i < 20; i++) {
            int before = asked.size();
            result = i % 3 == 2 ? HealthProbe.Result.SUCCESS : HealthProbe.Result.FAILURE;
            while (asked.size() == before) {
                core.time.advance(Duration.ofMillis(50));
            }
        }
        assertThat(healthy(orders)).isTrue();

        result = HealthProbe.Result.FAILURE;
        pass(16);

        assertThat(healthy(orders)).isFalse();
    }

    @Test
    void whatAnswersIsAskedEverySecondAndWhatDoesNotEveryFive() {
        put(orders, "10.0.0.1", true);
        pass(30);
        asked.clear();
        pass(60);
        assertThat(asked).hasSizeBetween(58, 61);

        result = HealthProbe.Result.FAILURE;
        pass(30);
        asked.clear();
        pass(60);
        assertThat(asked).hasSizeBetween(11, 13);
    }

    @Test
    void instancesForWhichTheSameIsAskedShareOneCheck() {
        result = HealthProbe.Result.REFUSED;
        put(orders, "10.0.0.1", true);
        put(stock, "10.0.0.1", true);
        pass(10);

        assertThat(checks.checks()).isEqualTo(1);
        assertThat(healthy(orders)).isFalse();
        assertThat(healthy(stock)).isFalse();
        kept.propose(new PersistentCommand.RemoveInstance(orders, "10.0.0.1", 80));
        pass(1);
        assertThat(checks.checks()).isEqualTo(1);
        kept.propose(new PersistentCommand.RemoveInstance(stock, "10.0.0.1", 80));
        pass(1);
        assertThat(checks.checks()).isZero();
    }

    @Test
    void aClusterWithoutACheckIsNotAskedAndOneWithAnotherIsAskedThat() {
        put(orders, "10.0.0.1", true);
        pass(1);
        kept.propose(new PersistentCommand.PutCluster(
                orders, false, "DEFAULT", new ClusterConfig(80, true, HealthCheck.NONE, Map.of())));
        pass(20);
        assertThat(asked).isEmpty();

        HealthCheck http = new HealthCheck(HealthCheck.Type.HTTP, "/p", "", 204);
        kept.propose(new PersistentCommand.PutCluster(
                orders, false, "DEFAULT", new ClusterConfig(8081, false, http, Map.of())));
        pass(20);
        assertThat(asked).isNotEmpty().containsOnly(new HealthProbe.Target("10.0.0.1", 8081, http));
    }

    @Test
    void aResultThatCouldNotBeKeptIsSaidAgain() {
        leader = false;
        result = HealthProbe.Result.REFUSED;
        put(orders, "10.0.0.1", true);
        pass(20);
        assertThat(healthy(orders)).isTrue();

        leader = true;
        pass(6);

        assertThat(healthy(orders)).isFalse();
    }

    @Test
    void aChangeIsProposedOnce() {
        result = HealthProbe.Result.REFUSED;
        put(orders, "10.0.0.1", true);
        pass(60);

        assertThat(proposals).isEqualTo(1);
    }

    @Test
    void theSwitchStopsChecksAndTheirConsequences() {
        core.switches.setHere("check", "false");
        put(orders, "10.0.0.1", false);
        pass(20);
        assertThat(asked).isEmpty();

        core.switches.setHere("check", "true");
        pass(20);

        assertThat(healthy(orders)).isTrue();
    }

    @Test
    void whatAnotherNodeIsResponsibleForIsNotAskedUntilThatMoves() {
        mine = false;
        put(orders, "10.0.0.1", true);
        pass(20);
        assertThat(asked).isEmpty();

        mine = true;
        pass(10);
        assertThat(asked).isNotEmpty();

        mine = false;
        int before = asked.size();
        pass(20);
        assertThat(asked).hasSize(before);
    }

    @Test
    void ephemeralInstancesAreNotAsked() {
        CoreFixture.Receiver client = core.connect("c");
        core.operators.connections().register(CoreFixture.CALLER, client.client, orders, instance("10.0.0.1", 80));
        pass(20);

        assertThat(asked).isEmpty();
    }
}
