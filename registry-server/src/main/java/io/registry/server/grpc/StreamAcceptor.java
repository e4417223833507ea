package io.registry.server.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.PayloadDecoder;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.Ack;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.server.core.operate.ConnectionOperator;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the streams of clients: their setup first, their acknowledgements afterwards, and their end.
 *
 * <p><b>Threading</b>: each stream's events come one after another, on the thread of its transport.
 */
final class StreamAcceptor implements ServerCallHandler<Envelope, OutboundEnvelope> {

    /** The most digits of a number that a push can have. */
    private static final int DIGITS_MAX = 18;

    private final ConnectionSetup setup;
    private final ConnectionManager manager;
    private final ConnectionOperator operator;
    private final GrpcCounters counters;
    private final LongSupplier nanos;
    private final Function<SocketAddress, Executor> transports;
    private final int readyBytes;

    /**
     * Makes the acceptor.
     *
     * @param transports gives what runs tasks on the thread of a transport, by its remote address
     * @param readyBytes a stream takes no push while as many bytes wait in it
     */
    StreamAcceptor(
            ConnectionSetup setup,
            ConnectionManager manager,
            ConnectionOperator operator,
            GrpcCounters counters,
            LongSupplier nanos,
            Function<SocketAddress, Executor> transports,
            int readyBytes) {
        this.setup = setup;
        this.manager = manager;
        this.operator = operator;
        this.counters = counters;
        this.nanos = nanos;
        this.transports = transports;
        this.readyBytes = readyBytes;
    }

    @Override
    public ServerCall.Listener<Envelope> startCall(ServerCall<Envelope, OutboundEnvelope> call, Metadata headers) {
        Connection connection = call.getAttributes().get(Connection.KEY);
        if (connection == null) {
            call.close(Status.UNAVAILABLE.withDescription("no connection is known for this transport"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        call.setOnReadyThreshold(readyBytes);
        call.sendHeaders(new Metadata());
        call.request(1);
        return new Stream(call, connection);
    }

    /** Takes what a client says about a push. Its type does not matter, and a number that nobody waits for is no news. */
    private void acknowledged(Connection connection, Envelope message) {
        if (!connection.registered()) {
            return;
        }
        Ack ack;
        try {
            ack = PayloadDecoder.decodeAck(message);
        } catch (MalformedBodyException e) {
            counters.malformed.increment();
            return;
        }
        connection.active(nanos.getAsLong());
        long id = number(ack.requestId());
        if (id == 0) {
            return;
        }
        if (id == connection.probe()) {
            connection.probe(0);
            return;
        }
        (ack.succeeded() ? counters.acks : counters.failedAcks).increment();
        operator.acknowledged(connection.client(), id, ack.succeeded());
    }

    private static long number(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > DIGITS_MAX) {
            return 0;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private final class Stream extends ServerCall.Listener<Envelope> {

        private final ServerCall<Envelope, OutboundEnvelope> call;
        private final Connection connection;
        private final StreamWriter writer;
        private boolean heldBack;

        Stream(ServerCall<Envelope, OutboundEnvelope> call, Connection connection) {
            this.call = call;
            this.connection = connection;
            this.writer = new StreamWriter(call, transports.apply(connection.remote()), readyBytes, this::onReady);
        }

        @Override
        public void onMessage(Envelope message) {
            String defect = message.defect();
            if (defect != null) {
                counters.malformed.increment();
                ended();
                writer.end(RequestAcceptor.malformed(defect));
                return;
            }
            if (message.type().equals(ConnectionSetupRequest.TYPE)) {
                setup.accept(connection, writer, message);
                if (!writer.isReady()) {
                    // Each setup is answered: a client that sends them and reads nothing is not read either.
                    heldBack = true;
                    return;
                }
            } else {
                acknowledged(connection, message);
            }
            call.request(1);
        }

        @Override
        public void onReady() {
            if (heldBack) {
                heldBack = false;
                call.request(1);
            }
            if (isTheStream()) {
                connection.read();
                operator.ready(connection.client());
            }
        }

        @Override
        public void onHalfClose() {
            ended();
            writer.end(Status.OK);
        }

        @Override
        public void onCancel() {
            ended();
        }

        private void ended() {
            // A second stream of the same transport may come and go; the client lives on the one it was set up on.
            if (isTheStream()) {
                manager.ended(connection);
            }
        }

        private boolean isTheStream() {
            return connection.stream() == writer;
        }
    }
}
