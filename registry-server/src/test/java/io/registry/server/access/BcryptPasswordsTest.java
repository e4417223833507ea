package io.registry.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.core.access.Passwords;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

class BcryptPasswordsTest {

    private final Counting encoder = new Counting();
    private final Passwords passwords = new BcryptPasswords(1, encoder);

    @Test
    void aPasswordHasItsHashAndNoOther() {
        String longest = "p".repeat(Passwords.BYTES_MAX);
        String hash = passwords.hash(longest);

        assertThat(passwords.matches(longest, hash)).isTrue();
        assertThat(passwords.matches("p", hash)).isFalse();
    }

    /** The encoder gives its answer at once where there is nothing to hash. */
    @ParameterizedTest
    @ValueSource(ints = {0, Passwords.BYTES_MAX + 1, 10_000})
    void whatNoPasswordCanBeIsWrongAndIsHashedAllTheSame(int length) {
        String hash = passwords.hash("p".repeat(Passwords.BYTES_MAX));

        assertThat(passwords.matches("p".repeat(length), hash)).isFalse();

        assertThat(encoder.compared).hasSize(1).doesNotContain("");
    }

    @Test
    void whatAWrongOneIsComparedAsIsNotRightForWhoHasItAsTheirPassword() {
        assertThat(passwords.matches("", passwords.hash("something"))).isFalse();
    }

    private static final class Counting implements PasswordEncoder {

        private final PasswordEncoder real = new BCryptPasswordEncoder(4);
        private final List<String> compared = new ArrayList<>();

        @Override
        public String encode(@Nullable CharSequence password) {
            return String.valueOf(real.encode(password));
        }

        @Override
        public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
            compared.add(String.valueOf(password));
            return real.matches(password, hash);
        }
    }
}
