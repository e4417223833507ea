package io.registry.distro.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.distro.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayTaskEngineTest {

    private final VirtualTime time = new VirtualTime();
    private final DelayTaskEngine<String> engine = new DelayTaskEngine<>(time, time, 1_000);
    private final List<String> ran = new ArrayList<>();

    @Test
    void aTaskRunsWhenItsDelayIsOverAndNotBefore() {
        engine.submit("a", Duration.ofMillis(50), () -> ran.add("a"));

        time.pass(Duration.ofMillis(49));
        assertThat(ran).isEmpty();
        time.pass(Duration.ofMillis(1));
        assertThat(ran).containsExactly("a");
        assertThat(engine.size()).isZero();
    }

    @Test
    void aTaskWithoutDelayRunsOnTheNextTurnAndNotInsideTheCall() {
        engine.submit("a", Duration.ZERO, () -> ran.add("a"));
        assertThat(ran).isEmpty();

        time.pass(Duration.ZERO);

        assertThat(ran).containsExactly("a");
    }

    @Test
    void tasksRunInTheOrderOfTheirTimesAndThenOfTheirSubmission() {
        engine.submit("late", Duration.ofMillis(30), () -> ran.add("late"));
        engine.submit("second", Duration.ofMillis(10), () -> ran.add("second"));
        engine.submit("third", Duration.ofMillis(10), () -> ran.add("third"));
        engine.submit("first", Duration.ofMillis(5), () -> ran.add("first"));

        time.pass(Duration.ofMillis(100));

        assertThat(ran).containsExactly("first", "second", "third", "late");
    }

    @Test
    void submittingAgainMergesAndKeepsTheEarlierTime() {
        engine.submit("a", Duration.ofMillis(10), new Gathered(ran, "1"));
        engine.submit("a", Duration.ofMillis(500), new Gathered(ran, "2"));
        assertThat(engine.size()).isEqualTo(1);

        time.pass(Duration.ofMillis(10));

        assertThat(ran).containsExactly("1+2");
        time.pass(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("1+2");
    }

    @Test
    void submittingAgainWithAnEarlierTimeMovesTheTaskForward() {
        engine.submit("a", Duration.ofMillis(500), new Gathered(ran, "1"));
        engine.submit("a", Duration.ofMillis(10), new Gathered(ran, "2"));

        time.pass(Duration.ofMillis(10));

        assertThat(ran).containsExactly("1+2");
    }

    @Test
    void theLaterTaskStandsForBothUnlessItSaysOtherwise() {
        engine.submit("a", Duration.ofMillis(10), () -> ran.add("old"));
        engine.submit("a", Duration.ofMillis(10), () -> ran.add("new"));

        time.pass(Duration.ofMillis(10));

        assertThat(ran).containsExactly("new");
    }

    @Test
    void aTaskThatSubmitsItselfAgainDoesNotHoldTheLoop() {
        engine.submit("a", Duration.ZERO, () -> {
            ran.add("first");
            engine.submit("a", Duration.ZERO, () -> ran.add("second"));
            assertThat(ran).containsExactly("first");
        });

        time.pass(Duration.ZERO);

        assertThat(ran).containsExactly("first", "second");
        assertThat(time.armedEver()).isEqualTo(2);
    }

    @Test
    void oneTimerIsArmedForAllTasks() {
        for (int i = 0; i < 1_000; i++) {
            engine.submit("k" + i, Duration.ofMillis(100 + i), () -> ran.add("x"));
        }

        assertThat(time.armedNow()).isEqualTo(1);
        assertThat(time.armedEver()).isEqualTo(1);
        time.pass(Duration.ofMillis(1_100));
        assertThat(ran).hasSize(1_000);
        assertThat(time.armedNow()).isZero();
    }

    @Test
    void aNewKeyIsRefusedAtTheBoundAndAWaitingOneStillMerges() {
        DelayTaskEngine<String> small = new DelayTaskEngine<>(time, time, 1);
        small.submit("a", Duration.ofMillis(10), new Gathered(ran, "1"));

        assertThat(small.submit("b", Duration.ZERO, () -> ran.add("b"))).isFalse();
        assertThat(small.submit("a", Duration.ofMillis(10), new Gathered(ran, "2")))
                .isTrue();
        time.pass(Duration.ofMillis(10));

        assertThat(ran).containsExactly("1+2");
        assertThat(small.submit("b", Duration.ZERO, () -> ran.add("b"))).isTrue();
    }

    @Test
    void aCancelledTaskDoesNotRunAndLeavesNoTimer() {
        engine.submit("a", Duration.ofMillis(10), () -> ran.add("a"));

        assertThat(engine.cancel("a")).isTrue();
        assertThat(engine.cancel("a")).isFalse();
        assertThat(engine.isWaiting("a")).isFalse();
        assertThat(time.armedNow()).isZero();
        time.pass(Duration.ofSeconds(1));
        assertThat(ran).isEmpty();
    }

    @Test
    void aTaskThatThrowsDoesNotTakeTheOthersWithIt() {
        engine.submit("bad", Duration.ofMillis(10), () -> {
            throw new IllegalStateException("planted");
        });
        engine.submit("good", Duration.ofMillis(10), () -> ran.add("good"));

        assertThatThrownBy(() -> time.pass(Duration.ofMillis(10))).hasMessage("planted");
        time.pass(Duration.ofMillis(10));

        assertThat(ran).containsExactly("good");
        assertThat(engine.size()).isZero();
    }

    private record Gathered(List<String> ran, String what) implements DelayTask {
        @Override
        public void run() {
            ran.add(what);
        }

        @Override
        public DelayTask merge(DelayTask later) {
            return new Gathered(ran, what + "+" + ((Gathered) later).what);
        }
    }
}
