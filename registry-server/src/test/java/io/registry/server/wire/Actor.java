package io.registry.server.wire;

import java.util.List;

/** One of the clients of the random test. */
interface Actor extends AutoCloseable {

    /** Does one thing, waits for its answer and keeps account of it. */
    void act();

    /** Returns what this client has published in a service and not taken back. */
    List<Host> published(String service);

    @Override
    void close();
}
