package io.registry.server.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/** Names that no other test uses. */
public final class Unique {

    private static final AtomicInteger LAST = new AtomicInteger();

    private Unique() {}

    /** Returns a name that begins so. */
    public static String name(String prefix) {
        return prefix + "-" + LAST.incrementAndGet();
    }
}
