package io.registry.server.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Keeps what many simulated servers would write into one log down to what is a bug. */
final class QuietLog {

    private QuietLog() {}

    static <T> T during(Supplier<T> task) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.registry");
        Level before = logger.getLevel();
        logger.setLevel(Level.ERROR);
        try {
            return task.get();
        } finally {
            logger.setLevel(before);
        }
    }
}
