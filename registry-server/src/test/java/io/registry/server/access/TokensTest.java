package io.registry.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.core.account.Account;
import io.registry.server.core.account.SigningKey;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** For how long tokens are taken, by a clock that goes as it is told. */
class TokensTest {

    private static final Duration LIFE = Duration.ofHours(1);

    private final PersistentStore store = new PersistentStore();
    private final Secrets secrets = new Secrets();
    private final AtomicLong wallMillis = new AtomicLong(1_000_000);
    private Account nacos;

    @BeforeEach
    void found() {
        store.apply(new PersistentCommand.FoundAccess("nacos", "a hash", secrets.signingKey(1)));
        nacos = Objects.requireNonNull(store.state().accounts().user("nacos"));
    }

    private Tokens tokens(List<SigningKey> given) {
        return new Tokens(store, given, LIFE, wallMillis::get);
    }

    @Test
    void aTokenIsTakenForItsLifeAndSomewhatLonger() {
        Tokens tokens = tokens(List.of());
        String token = tokens.issue(nacos);

        pass(LIFE);
        assertThat(tokens.check(token).problem()).isNull();
        pass(Duration.ofSeconds(16));
        assertThat(tokens.check(token).problem()).isEqualTo("token expired!");
    }

    @Test
    void aTokenOfTheKeptKeyIsTakenBesideGivenOnesUntilItEnds() {
        String before = tokens(List.of()).issue(nacos);
        pass(Duration.ofMinutes(30));
        Tokens given = tokens(List.of(secrets.signingKey(1)));

        assertThat(given.check(before).problem()).isNull();
        assertThat(given.check(given.issue(nacos)).problem()).isNull();
    }

    /** Who has found the kept key in an old directory or a backup signs with it in vain. */
    @Test
    void theKeptKeySignsNothingAnyMoreWhereOthersWereGivenForTheLifeOfAToken() {
        Tokens given = tokens(List.of(secrets.signingKey(1)));
        pass(LIFE.plusSeconds(16));
        String forged = tokens(List.of()).issue(nacos);

        assertThat(given.check(forged).problem()).isEqualTo("Invalid signature");
        assertThat(given.check(given.issue(nacos)).problem()).isNull();
    }

    /** Also one that was taken before. */
    @Test
    void aTokenThatIsRememberedEndsWithItsKey() {
        Tokens tokens = tokens(List.of());
        String token = tokens.issue(nacos);
        assertThat(tokens.check(token).problem()).isNull();

        store.apply(new PersistentCommand.RotateKeys(secrets.signingKey(2), wallMillis.get()));

        assertThat(tokens.check(token).problem()).isEqualTo("Invalid signature");
        assertThat(tokens.check(tokens.issue(nacos)).problem()).isNull();
    }

    private void pass(Duration time) {
        wallMillis.addAndGet(time.toMillis());
    }
}
