package io.registry.server.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.LateLog;
import io.registry.server.core.account.Permission;
import io.registry.server.core.persistent.PersistentStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of changes that were asked for before another one was committed. */
class AccountOperatorTest {

    private final PersistentStore store = new PersistentStore();
    private final LateLog log = new LateLog(store);
    private final AccountOperator accounts = new AccountOperator(log, store, new NumberedHashes());

    @BeforeEach
    void thereIsBob() {
        accounts.create("bob", "first");
        log.become(LateLog.Manner.WAITING);
    }

    @Test
    void whoWasDeletedMeanwhileIsNotThereAgain() {
        CompletionStage<Void> changed = accounts.changePassword("bob", "second");
        CompletionStage<Void> deleted = accounts.delete("bob");

        log.commit(1);
        log.commit(0);

        assertThat(deleted).isCompleted();
        assertRefused(changed).hasMessage("user bob not exist!");
        assertThat(accounts.accounts().user("bob")).isNull();
    }

    @Test
    void aResetIsNotUndoneByWhoChangesThePasswordThatIsReset() {
        CompletionStage<Void> changed = accounts.changePassword("bob", "of a thief");
        CompletionStage<Void> reset = accounts.resetPassword("bob", "second");

        log.commit(1);
        log.commit(0);

        assertThat(reset).isCompleted();
        assertRefused(changed)
                .hasMessage("password of user bob was changed at the same time")
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
        assertThat(accounts.accounts().passwordHash("bob")).startsWith("second ");
    }

    @Test
    void aResetComesAboutWhateverIsChangedBeforeIt() {
        CompletionStage<Void> changed = accounts.changePassword("bob", "of a thief");
        CompletionStage<Void> reset = accounts.resetPassword("bob", "second");

        log.commit(0);
        log.commit(0);
        assertThat(reset).isNotCompleted();
        log.commit(0);

        assertThat(changed).isCompleted();
        assertThat(reset).isCompleted();
        assertThat(accounts.accounts().passwordHash("bob")).startsWith("second ");
    }

    @Test
    void ofTwoWhoCreateOneUserOneIsToldThatItIsThere() {
        CompletionStage<Void> first = accounts.create("alice", "of the first");
        CompletionStage<Void> second = accounts.create("alice", "of the second");

        log.commit(0);
        log.commit(0);

        assertThat(first).isCompleted();
        assertRefused(second).hasMessage("user 'alice' already exist!");
        assertThat(accounts.accounts().passwordHash("alice")).startsWith("of the first ");
    }

    @Test
    void aRoleThatIsMadeAgainHasNoneOfItsOldPermissions() {
        log.become(LateLog.Manner.AT_ONCE);
        accounts.create("alice", "of alice");
        accounts.bind("shared", "alice");
        accounts.bind("shared", "bob");
        accounts.bind("single", "alice");
        Permission kept = new Permission("shared", "prod:*:*", "rw");
        accounts.grant(kept);
        accounts.grant(new Permission("single", "prod:*:*", "rw"));

        accounts.delete("alice");
        accounts.bind("single", "bob");
        assertThat(accounts.accounts().permissions()).containsExactly(kept);
        accounts.unbind("shared", "bob");
        accounts.bind("shared", "bob");

        assertThat(accounts.accounts().permissions()).isEmpty();
    }

    @Test
    void aRoleThatNobodyHasAnyMoreIsGivenNothing() {
        log.become(LateLog.Manner.AT_ONCE);
        accounts.bind("single", "bob");
        log.become(LateLog.Manner.WAITING);
        CompletionStage<Void> granted = accounts.grant(new Permission("single", "prod:*:*", "rw"));
        CompletionStage<Void> taken = accounts.unbind("single", "bob");

        log.commit(1);
        log.commit(0);

        assertThat(taken).isCompleted();
        assertRefused(granted).hasMessage("role single not found!");
        assertThat(accounts.accounts().permissions()).isEmpty();
    }

    @Test
    void aPermissionIsKeptOnceHoweverItsActionIsWritten() {
        log.become(LateLog.Manner.AT_ONCE);
        accounts.bind("r1", "bob");

        accounts.grant(new Permission("r1", "prod:*:*", "r"));
        accounts.grant(new Permission("r1", "prod:*:*", "r,r"));

        assertThat(accounts.accounts().permissions()).containsExactly(new Permission("r1", "prod:*:*", "r"));
        assertThat(accounts.isGranted(new Permission("r1", "prod:*:*", "discover")))
                .isTrue();
        accounts.revoke(new Permission("r1", "prod:*:*", "discover"));
        assertThat(accounts.accounts().permissions()).isEmpty();
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(CompletionStage<Void> stage) {
        CompletableFuture<Void> answer = stage.toCompletableFuture();
        assertThat(answer).isDone();
        return assertThatThrownBy(answer::join).cause();
    }

    /** Hashes that can be read, each another one, as with a salt. */
    private static final class NumberedHashes implements Passwords {

        private final AtomicInteger count = new AtomicInteger();

        @Override
        public String hash(String password) {
            return password + " " + count.incrementAndGet();
        }

        @Override
        public boolean matches(String password, String hash) {
            return hash.startsWith(password + " ");
        }
    }
}
