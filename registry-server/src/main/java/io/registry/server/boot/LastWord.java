package io.registry.server.boot;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process, in order, when a part of it finds that the node must not go on. */
final class LastWord implements Consumer<String> {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);

    private final Executor ending;

    /**
     * Makes what ends the process.
     *
     * @param ending runs the end, which waits for all others
     */
    LastWord(Executor ending) {
        this.ending = ending;
    }

    @Override
    public void accept(String why) {
        LOG.error("stopping: {}", why);
        ending.execute(() -> System.exit(1));
    }
}
