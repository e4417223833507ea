package io.registry.server.access;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.access.Passwords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Hashes passwords with bcrypt. Few are hashed at once, so that a flood of logins leaves the node its processors; some may
 * wait for their turn, and no more.
 *
 * <p><b>Threading</b>: from any thread, which waits.
 */
public final class BcryptPasswords implements Passwords {

    /** Rounds as a power of two: some 50 ms on one processor. */
    private static final int STRENGTH = 10;

    private static final int WAITING_MAX = 32;
    private static final Duration WAIT_MAX = Duration.ofSeconds(3);

    /** What no password that counts is compared as: the encoder would not hash an empty text at all. */
    private static final String SOMETHING = "something";

    private final PasswordEncoder encoder;
    private final Semaphore running;
    private final Semaphore seats;

    /** Makes the hash; at most half of the processors are at it. */
    public BcryptPasswords(int processors) {
        this(processors, new BCryptPasswordEncoder(STRENGTH));
    }

    BcryptPasswords(int processors, PasswordEncoder encoder) {
        this.encoder = encoder;
        int parallel = Math.max(1, processors / 2);
        this.running = new Semaphore(parallel);
        this.seats = new Semaphore(parallel + WAITING_MAX);
    }

    @Override
    public String hash(String password) {
        return inTurn(() -> {
            String hash = encoder.encode(password);
            if (hash == null) {
                throw new IllegalStateException("hash: null (expected: one)");
            }
            return hash;
        });
    }

    @Override
    public boolean matches(String password, String hash) {
        // What is longer would count by its beginning. It is wrong, as an empty one is, and takes as long as any other.
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        boolean fits = bytes > 0 && bytes <= BYTES_MAX;
        return inTurn(() -> encoder.matches(fits ? password : SOMETHING, hash) && fits);
    }

    private <T> T inTurn(Supplier<T> work) {
        if (!seats.tryAcquire()) {
            throw overloaded();
        }
        try {
            if (!running.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw overloaded();
            }
            try {
                return work.get();
            } finally {
                running.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(ErrorCode.NOT_READY, "server is stopping, please try again later!");
        } finally {
            seats.release();
        }
    }

    private static RegistryException overloaded() {
        return new RegistryException(ErrorCode.OVERLOADED, "too many logins are under way, please try again later!");
    }
}
