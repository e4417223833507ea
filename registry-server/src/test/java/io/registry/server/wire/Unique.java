package io.registry.server.wire;

import java.util.concurrent.atomic.AtomicInteger;

/** Names that no other test uses. */
final class Unique {

    private static final AtomicInteger LAST = new AtomicInteger();

    private Unique() {}

    static String name(String prefix) {
        return prefix + "-" + LAST.incrementAndGet();
    }
}
