package io.registry.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.core.LateLog;
import io.registry.server.core.access.Passwords;
import io.registry.server.core.account.Account;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who is shown the administrator's password, on a log that commits what it has refused. */
class FirstStartTest {

    private final PersistentStore store = new PersistentStore();
    private final LateLog log = new LateLog(store);
    private final Passwords passwords = new BcryptPasswords(1);
    private final List<String> shown = new ArrayList<>();

    @Test
    void aPasswordThatWasCommittedAfterARefusalIsShown() {
        FirstStart start = member("", false);
        log.become(LateLog.Manner.REFUSED);
        assertThat(start.complete()).isFalse();
        assertThat(shown).isEmpty();

        log.commit(0);
        assertThat(start.complete()).isTrue();

        assertTheOnlyOneShownIsRight();
    }

    @Test
    void aPasswordThatWasAskedForTwiceIsShownWhicheverIsCommittedFirst() {
        FirstStart start = member("", false);
        log.become(LateLog.Manner.REFUSED);
        assertThat(start.complete()).isFalse();
        assertThat(start.complete()).isFalse();

        log.commit(1);
        assertThat(start.complete()).isTrue();
        log.commit(0);
        assertThat(start.complete()).isTrue();

        assertTheOnlyOneShownIsRight();
    }

    @Test
    void ofTwoMembersTheOneWhoseChangeCameFirstShowsIt() {
        FirstStart refused = member("", false);
        FirstStart other = member("", false);
        log.become(LateLog.Manner.REFUSED);
        assertThat(refused.complete()).isFalse();
        log.become(LateLog.Manner.AT_ONCE);

        assertThat(other.complete()).isTrue();
        assertThat(refused.complete()).isTrue();
        log.commit(0);

        assertTheOnlyOneShownIsRight();
    }

    @Test
    void aResetThatIsCommittedTwiceLeavesThePasswordThatWasShown() {
        assertThat(member("the first one", false).complete()).isTrue();
        FirstStart reset = member("", true);
        log.become(LateLog.Manner.REFUSED);
        assertThat(reset.complete()).isFalse();
        log.become(LateLog.Manner.AT_ONCE);

        assertThat(reset.complete()).isTrue();
        log.commit(0);

        assertTheOnlyOneShownIsRight();
    }

    @Test
    void whatIsThereIsLeftAsItIs() {
        assertThat(member("a given one", false).complete()).isTrue();
        String hash = administrator().passwordHash();
        store.apply(new PersistentCommand.BindRole("r", Account.ADMINISTRATOR));

        assertThat(member("", false).complete()).isTrue();
        assertThat(member("a given one", true).complete()).isTrue();

        assertThat(administrator().passwordHash()).isEqualTo(hash);
        assertThat(shown).isEmpty();
    }

    private void assertTheOnlyOneShownIsRight() {
        assertThat(shown).hasSize(1);
        String password = shown.get(0).replaceAll(".* with password (\\w+) .*", "$1");
        assertThat(passwords.matches(password, administrator().passwordHash())).isTrue();
    }

    private Account administrator() {
        return Objects.requireNonNull(store.state().accounts().user(Account.ADMINISTRATOR));
    }

    private FirstStart member(String given, boolean reset) {
        return new FirstStart(store, log, passwords, new Secrets(), given, reset, () -> 1_000, shown::add);
    }
}
