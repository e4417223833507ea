package io.registry.server.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class RegistryLoopTest {

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1);
    private final RegistryLoop loop = new RegistryLoop(thread, 100);

    @AfterEach
    void end() {
        thread.shutdownNow();
    }

    @Test
    void turnsOfManyThreadsNeverRunAtTheSameTimeAndNoneIsLost() throws Exception {
        int threads = 4;
        int each = 50_000;
        int[] counter = new int[1];
        CountDownLatch done = new CountDownLatch(threads * each);
        List<Thread> givers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread giver = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    loop.post(() -> {
                        counter[0]++;
                        done.countDown();
                    });
                }
            });
            givers.add(giver);
            giver.start();
        }
        for (Thread giver : givers) {
            giver.join();
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.call(() -> counter[0]).get(5, TimeUnit.SECONDS)).isEqualTo(threads * each);
    }

    @Test
    void whatATurnGivesRunsAfterIt() {
        List<String> order = new ArrayList<>();
        loop.post(() -> {
            loop.post(() -> order.add("given"));
            order.add("giver");
        });

        assertThat(order).containsExactly("giver", "given");
    }

    @Test
    void commandsAreRefusedAboveTheBoundAndFactsAreNot() {
        List<CompletableFuture<Integer>> commands = new ArrayList<>();
        List<Integer> facts = new ArrayList<>();
        loop.post(() -> {
            for (int i = 0; i < 150; i++) {
                commands.add(loop.call(() -> 1));
            }
            for (int i = 0; i < 150; i++) {
                int fact = i;
                loop.post(() -> facts.add(fact));
            }
        });

        assertThat(commands.stream().filter(CompletableFuture::isCompletedExceptionally))
                .isNotEmpty();
        assertThatThrownBy(() -> commands.get(149).join())
                .cause()
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(loop.call(facts::size).join()).isEqualTo(150);
    }

    @Test
    void aTurnThatThrowsIsCountedAndTheNextOneRuns() {
        loop.post(() -> {
            throw new IllegalStateException("on purpose");
        });

        assertThat(loop.call(() -> "next").join()).isEqualTo("next");
        assertThat(loop.failures()).isEqualTo(1);
    }

    @Test
    void nobodyOutsideATurnPassesTheAssertion() {
        assertThatThrownBy(loop::assertInLoop).isInstanceOf(IllegalStateException.class);
        loop.call(() -> {
                    loop.assertInLoop();
                    return "inside";
                })
                .join();
    }
}
