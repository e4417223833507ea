package io.registry.server.grpc;

import java.time.Duration;

/**
 * The settings of the port that SDKs connect to.
 *
 * @param address what to bind to, an address or a host name
 * @param port what to bind to; 0 for any free port
 * @param transport bounds of one connection
 * @param limits how many connections are taken
 * @param unfinished how much messages may take that are not complete
 * @param idle when a silent connection is given up
 */
public record GrpcConfig(
        String address, int port, Transport transport, Limits limits, Unfinished unfinished, Idle idle) {

    /** Refuses a port outside 0..65535. */
    public GrpcConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("registry.grpc.sdk-port: " + port + " (expected: 0..65535)");
        }
    }

    /** Returns the default settings for one address and port. */
    public static GrpcConfig defaults(String address, int port) {
        return new GrpcConfig(address, port, Transport.DEFAULTS, Limits.DEFAULTS, Unfinished.DEFAULTS, Idle.DEFAULTS);
    }

    /**
     * Bounds of one connection.
     *
     * @param workers how many threads serve all connections
     * @param messageBytesMax the longest message that is taken
     * @param headerBytesMax the most bytes of headers that one call may carry
     * @param callsMax how many calls of one connection may run at once
     * @param readyBytes a stream takes no push while more than this waits in it
     */
    public record Transport(int workers, int messageBytesMax, int headerBytesMax, int callsMax, int readyBytes) {

        /** Two workers are enough where no handler blocks; the message bound is the one that clients have. */
        public static final Transport DEFAULTS = new Transport(2, 10 * 1024 * 1024, 8 * 1024, 256, 32 * 1024);

        /** Refuses bounds below 1. */
        public Transport {
            atLeastOne("registry.grpc.workers", workers);
            atLeastOne("registry.grpc.message-bytes-max", messageBytesMax);
            atLeastOne("registry.grpc.header-bytes-max", headerBytesMax);
            atLeastOne("registry.grpc.calls-max", callsMax);
            atLeastOne("registry.grpc.ready-bytes", readyBytes);
        }
    }

    /**
     * How many connections are taken.
     *
     * @param total registered connections of this node
     * @param perAddress registered connections from one remote address
     * @param perApplication registered connections of one application, as the client names itself
     * @param pending transports that have not registered yet
     * @param setupTimeout how long a transport may stay without registering
     */
    public record Limits(int total, int perAddress, int perApplication, int pending, Duration setupTimeout) {

        /** Many clients may share an address, behind a NAT or on one host, so only the total is tight. */
        public static final Limits DEFAULTS = new Limits(50_000, 20_000, 50_000, 4_096, Duration.ofSeconds(15));

        /** Refuses limits below 1. */
        public Limits {
            atLeastOne("registry.connection.max", total);
            atLeastOne("registry.connection.max-per-address", perAddress);
            atLeastOne("registry.connection.max-per-application", perApplication);
            atLeastOne("registry.connection.pending-max", pending);
            positive("registry.connection.setup-timeout", setupTimeout);
        }
    }

    /**
     * How much memory messages may take that are not complete.
     *
     * @param connectionBytesMax those of one connection, in bytes; more than its longest message
     * @param allBytesMax those of all connections, in bytes; at least those of one
     */
    public record Unfinished(int connectionBytesMax, int allBytesMax) {

        /** Three of the longest messages at once; a small part of the smallest sensible heap. */
        public static final Unfinished DEFAULTS = new Unfinished(32 * 1024 * 1024, 64 * 1024 * 1024);

        /** Refuses bounds below 1. */
        public Unfinished {
            atLeastOne("registry.limits.grpc-unfinished-per-connection", connectionBytesMax);
            atLeastOne("registry.limits.grpc-unfinished", allBytesMax);
        }
    }

    /**
     * When a silent connection is given up.
     *
     * @param scanEvery the pause between two looks at all connections
     * @param probeAfter how long a connection is silent before it is asked for a sign of life
     * @param ackWithin how long it may take to give one
     * @param blockedAfter how long a stream may stay unread before its connection counts as silent
     */
    public record Idle(Duration scanEvery, Duration probeAfter, Duration ackWithin, Duration blockedAfter) {

        /** The times that clients are used to. */
        public static final Idle DEFAULTS =
                new Idle(Duration.ofSeconds(3), Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(300));

        /** Refuses times that are not positive. */
        public Idle {
            positive("registry.connection.scan-every", scanEvery);
            positive("registry.connection.idle-probe-after", probeAfter);
            positive("registry.connection.idle-ack-within", ackWithin);
            positive("registry.connection.blocked-after", blockedAfter);
        }
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: more than 0)");
        }
    }
}
