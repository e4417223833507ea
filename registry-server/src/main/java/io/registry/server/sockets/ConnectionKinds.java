package io.registry.server.sockets;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Which connections a port takes, by how they begin, and how many there were.
 *
 * <p><b>Threading</b>: any.
 */
final class ConnectionKinds {

    /** The type of the record that a TLS handshake begins with. Neither HTTP/2 nor what members say begins with it. */
    static final int TLS_HANDSHAKE = 0x16;

    private final boolean tlsRequired;
    private final LongAdder encrypted = new LongAdder();
    private final LongAdder plain = new LongAdder();
    private final LongAdder refused = new LongAdder();

    ConnectionKinds(boolean tlsRequired) {
        this.tlsRequired = tlsRequired;
    }

    /** Counts a connection that begins with TLS, taken or not. */
    void encrypted(boolean taken) {
        (taken ? encrypted : refused).increment();
    }

    /** Returns whether a connection that begins without TLS is taken, and counts it. */
    boolean takesPlain() {
        (tlsRequired ? refused : plain).increment();
        return !tlsRequired;
    }

    /** Returns how many there were, by how they began: {@code tls}, {@code plain}, {@code refused}. */
    Map<String, LongAdder> counts() {
        return Map.of("tls", encrypted, "plain", plain, "refused", refused);
    }
}
