package io.registry.server.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.registry.server.sockets.LogGate;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory messages may take that are not complete: those of one connection, and all together.
 *
 * <p>gRPC bounds one message and the calls of one connection, and gives back to the sender's window what it has put
 * aside, so a client that begins many long messages and ends none would hold their product. Here what arrives is counted
 * piece by piece. A call that takes its connection over the bound ends with {@link Status#RESOURCE_EXHAUSTED}. Where
 * all together are too much, no call of a well-behaved client is refused for it: the connection that holds most is
 * closed.
 *
 * <p><b>Threading</b>: any thread. A connection's own figures change on the thread of its transport.
 */
final class InboundBudget extends ServerStreamTracer.Factory {

    private static final Logger LOG = LoggerFactory.getLogger(InboundBudget.class);

    /** What the books about one piece take beside its bytes: a client may send a long message in pieces of one byte. */
    private static final int PIECE_BYTES = 256;

    private final GrpcConfig.Unfinished limits;
    private final ConnectionManager manager;
    private final GrpcCounters counters;
    private final LogGate log;
    private final AtomicLong allBytes = new AtomicLong();

    /** The connection that was closed last to make room; what it holds is about to go. */
    private final AtomicReference<@Nullable Connection> leaving = new AtomicReference<>();

    InboundBudget(GrpcConfig.Unfinished limits, ConnectionManager manager, GrpcCounters counters, LongSupplier nanos) {
        this.limits = limits;
        this.manager = manager;
        this.counters = counters;
        this.log = new LogGate(nanos);
    }

    /** Returns what unfinished messages take now, in bytes. */
    long bytes() {
        return allBytes.get();
    }

    /**
     * Counts bytes that a connection makes this node keep.
     *
     * @return why the call has to end, and nothing is counted then; null where it may go on
     */
    private @Nullable Status take(Connection connection, long bytes) {
        long ofConnection = connection.addUnfinished(bytes);
        if (ofConnection > limits.connectionBytesMax()) {
            connection.addUnfinished(-bytes);
            counters.unfinished.increment();
            return Status.RESOURCE_EXHAUSTED.withDescription("unfinished messages of this connection: " + ofConnection
                    + " bytes (expected: at most " + limits.connectionBytesMax() + ")");
        }
        if (allBytes.addAndGet(bytes) > limits.allBytesMax()) {
            makeRoom();
        }
        return null;
    }

    private void release(Connection connection, long bytes) {
        connection.addUnfinished(-bytes);
        allBytes.addAndGet(-bytes);
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Arriving(this);
    }

    /** Closes the connection that holds most, unless what another one held is still on its way out. */
    private void makeRoom() {
        Connection last = leaving.get();
        if (last != null && last.unfinishedBytes() > 0) {
            return;
        }
        Connection most = manager.all().stream()
                .max(Comparator.comparingLong(Connection::unfinishedBytes))
                .orElse(null);
        if (most == null || !leaving.compareAndSet(last, most)) {
            return;
        }
        counters.unfinished.increment();
        String text = "unfinished messages of all connections: " + allBytes.get() + " bytes (expected: at most "
                + limits.allBytesMax() + "), most of them of this one: " + most.unfinishedBytes();
        if (log.open()) {
            LOG.warn("connection closed, and so will be others like it: remote={} {}", most.remote(), text);
        }
        manager.evict(most, Status.RESOURCE_EXHAUSTED.withDescription(text));
    }

    /**
     * What one call has sent and not completed. That of a unary call is complete at its end only, for gRPC keeps its
     * message until then.
     */
    static final class Arriving extends ServerStreamTracer {

        /** Where the handler of a call finds this. */
        static final Context.Key<Arriving> KEY = Context.key("registry-arriving");

        private final InboundBudget budget;
        private @Nullable Connection connection;
        private boolean unary;
        private boolean over;
        private long bytes;

        private Arriving(InboundBudget budget) {
            this.budget = budget;
        }

        /** Counts nothing of this call any more: it is complete. */
        void complete() {
            over = true;
            release();
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(KEY, this);
        }

        @Override
        public void serverCallStarted(ServerCallInfo<?, ?> info) {
            connection = info.getAttributes().get(Connection.KEY);
            unary = info.getMethodDescriptor().getType().clientSendsOneMessage();
        }

        @Override
        public void inboundWireSize(long size) {
            Connection of = connection;
            if (of == null || over) {
                return;
            }
            Status refusal = budget.take(of, size + PIECE_BYTES);
            if (refusal != null) {
                // As for a message that is too long: gRPC drops what it has of the message and ends the call.
                throw refusal.asRuntimeException();
            }
            bytes += size + PIECE_BYTES;
        }

        @Override
        public void inboundMessageRead(int number, long wireSize, long size) {
            if (!unary) {
                release();
            }
        }

        @Override
        public void streamClosed(Status status) {
            complete();
        }

        private void release() {
            if (connection != null && bytes != 0) {
                budget.release(connection, bytes);
                bytes = 0;
            }
        }
    }
}
