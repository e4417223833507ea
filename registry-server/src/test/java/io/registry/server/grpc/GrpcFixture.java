package io.registry.server.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.registry.proto.codec.Pushes;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.MalformedEnvelopeException;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.server.core.CoreFixture;
import io.registry.server.sockets.Sockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The streams of a node over a real core, on manual time and without sockets. */
final class GrpcFixture {

    static final String SETUP =
            "{\"clientVersion\":\"test\",\"labels\":{\"module\":\"naming\",\"AppName\":\"app\"},\"abilityTable\":{}}";

    final CoreFixture core = new CoreFixture();
    final GrpcCounters counters = new GrpcCounters();
    final List<SocketAddress> closed = new ArrayList<>();
    final ConnectionManager manager;
    final StreamAcceptor streams;
    private int ports = 1_000;

    GrpcFixture(GrpcConfig.Limits limits) {
        GrpcConfig config = new GrpcConfig(
                "127.0.0.1",
                0,
                GrpcConfig.Transport.DEFAULTS,
                limits,
                GrpcConfig.Unfinished.DEFAULTS,
                GrpcConfig.Idle.DEFAULTS);
        LongSupplier nanos = () -> core.time.monotonicMillis() * 1_000_000;
        LongSupplier ids = new AtomicLong(1L << 48)::incrementAndGet;
        Pushes pushes = new Pushes("127.0.0.1", "node", 1);
        manager = new ConnectionManager(
                limits,
                core.operators.connections(),
                counters,
                new Closing(),
                pushes,
                ids,
                core.time::wallMillis,
                nanos);
        streams = new StreamAcceptor(
                new ConnectionSetup(manager, pushes, counters),
                manager,
                core.operators.connections(),
                counters,
                nanos,
                remote -> Runnable::run,
                1);
        new IdleWatch(config, manager, counters, pushes, ids, core.loop, nanos).start();
    }

    private final class Closing implements Sockets {
        @Override
        public void refuse(SocketAddress remote) {
            closed.add(remote);
        }

        @Override
        public void close(SocketAddress remote) {
            closed.add(remote);
        }
    }

    static GrpcConfig.Limits limits(int total, int perAddress, int perApplication, int pending) {
        return new GrpcConfig.Limits(total, perAddress, perApplication, pending, Duration.ofSeconds(15));
    }

    Connection open() {
        return manager.opened(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports++));
    }

    /** Opens a stream on a transport. */
    Stream stream(Connection connection) {
        FakeCall call = new FakeCall(connection);
        return new Stream(call, streams.startCall(call, new Metadata()));
    }

    /** Opens a transport and sets it up. */
    Client connect() {
        Connection connection = open();
        Stream stream = stream(connection);
        stream.say("ConnectionSetupRequest", SETUP);
        return new Client(connection, stream);
    }

    record Client(Connection connection, Stream stream) {}

    record Stream(FakeCall call, ServerCall.Listener<Envelope> listener) {

        void say(String type, String body) {
            try {
                listener.onMessage(Envelope.decode(
                        OutboundEnvelope.request(type, Map.of(), "127.0.0.1", body.getBytes(StandardCharsets.UTF_8))
                                .toBytes()));
            } catch (MalformedEnvelopeException e) {
                throw new AssertionError(e);
            }
        }

        String lastBody() {
            OutboundEnvelope last = call.sent.get(call.sent.size() - 1);
            return new String(last.joinedBody(), StandardCharsets.UTF_8);
        }
    }
}
