package io.registry.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.access.Passwords;
import io.registry.server.core.account.Account;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is compared with what, and who has to wait; with a clock and a hash that stand still until they are told to go on. */
class LoginsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String RIGHT = "right";

    private final PersistentStore store = new PersistentStore();
    private final AtomicLong nanos = new AtomicLong();
    private final SlowPasswords passwords = new SlowPasswords();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Secrets secrets = new Secrets();
    private Logins logins;

    /** Says that a password has the hash that is made of it, when it may. */
    private static final class SlowPasswords implements Passwords {

        private final AtomicInteger compared = new AtomicInteger();
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile boolean overloaded;

        @Override
        public String hash(String password) {
            return "hash of " + password;
        }

        @Override
        public boolean matches(String password, String hash) {
            if (overloaded) {
                throw new RegistryException(ErrorCode.OVERLOADED, "too many");
            }
            compared.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return hash.equals(hash(password));
        }
    }

    @BeforeEach
    void makeUsers() {
        store.apply(new PersistentCommand.FoundAccess("nacos", passwords.hash(RIGHT), secrets.signingKey(1)));
        Tokens tokens = new Tokens(store, List.of(), Duration.ofHours(1), () -> 1);
        logins = new Logins(store, passwords, tokens, secrets, nanos::get);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void manyWhoSayTheSameAtOnceAreComparedOnceAndAllLetIn() {
        passwords.gate = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        List<CompletableFuture<Account>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(CompletableFuture.supplyAsync(
                    () -> {
                        begun.incrementAndGet();
                        return logins.account("nacos", RIGHT, "10.0.0.1");
                    },
                    threads));
        }
        Await.until("all have asked", PATIENCE, () -> begun.get() == 40 && passwords.compared.get() == 1);
        passwords.gate.countDown();

        assertThat(all).allSatisfy(each -> assertThat(each.join()).isNotNull());
        assertThat(passwords.compared).hasValue(1);
    }

    @Test
    void aPasswordThatIsChangedWhileItIsComparedIsWrong() {
        passwords.gate = new CountDownLatch(1);
        CompletableFuture<Account> login =
                CompletableFuture.supplyAsync(() -> logins.account("nacos", RIGHT, "10.0.0.1"), threads);
        Await.until("it is compared", PATIENCE, () -> passwords.compared.get() == 1);

        store.apply(new PersistentCommand.PutUser("nacos", passwords.hash("another"), null));
        passwords.gate.countDown();

        assertThat(login.join()).isNull();
        assertThat(logins.account("nacos", "another", "10.0.0.1")).isNotNull();
    }

    @Test
    void wrongOnesHaveToWaitAfterTenAndRightOnesThatWereProvedDoNot() {
        assertThat(logins.account("nacos", RIGHT, "10.0.0.1")).isNotNull();
        for (int i = 0; i < 10; i++) {
            assertThat(logins.account("nacos", "wrong" + i, "10.0.0.1")).isNull();
        }

        assertRefused("nacos", "another", "10.0.0.1");
        assertThat(logins.account("nacos", RIGHT, "10.0.0.1")).isNotNull();
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(logins.account("nacos", "one more", "10.0.0.1")).isNull();
        assertRefused("nacos", "and another", "10.0.0.1");
    }

    /** What is given up for want of processors tells nothing of a password, right or wrong. */
    @Test
    void aNodeThatIsOverloadedCountsNoneAsFailed() {
        passwords.overloaded = true;
        for (int i = 0; i < 200; i++) {
            assertThatThrownBy(() -> logins.account("nacos", RIGHT, "10.0.0.1"))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        }
        passwords.overloaded = false;

        assertThat(logins.account("nacos", RIGHT, "10.0.0.1")).isNotNull();
    }

    /** An address that has no attempt left takes none of those that a name has. */
    @Test
    void anAddressThatHasToWaitKeepsNobodyElseWaiting() {
        for (int i = 0; i < 50; i++) {
            assertThat(logins.account("nobody" + i, "guess", "10.0.0.1")).isNull();
        }
        for (int i = 0; i < 200; i++) {
            assertRefused("nacos", "guess" + i, "10.0.0.1");
        }

        assertThat(logins.account("nacos", "mistyped", "10.0.0.2")).isNull();
        assertThat(logins.account("nacos", RIGHT, "10.0.0.2")).isNotNull();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(logins.account("nacos", "guess", "10.0.0.1")).isNull();
    }

    private void assertRefused(String user, String password, String address) {
        int before = passwords.compared.get();
        assertThatThrownBy(() -> logins.account(user, password, address))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVER_LIMIT));
        assertThat(passwords.compared).hasValue(before);
    }
}
