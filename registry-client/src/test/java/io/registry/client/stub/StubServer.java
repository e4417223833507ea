package io.registry.client.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.codec.Answers;
import io.registry.proto.codec.Pushes;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.Methods;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.json.InstanceJson;
import io.registry.proto.json.ServiceInfoJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A real gRPC server that answers as scripted and remembers what it was asked.
 *
 * <p><b>Threading</b>: safe for any thread.
 */
public final class StubServer implements AutoCloseable {

    private final Server server;
    private final List<Envelope> requests = new CopyOnWriteArrayList<>();
    private final List<Envelope> received = new CopyOnWriteArrayList<>();
    private final List<ServerCall<Envelope, OutboundEnvelope>> streams = new CopyOnWriteArrayList<>();
    private volatile boolean negotiating = true;
    private volatile Map<String, Boolean> abilities = Map.of("fuzzyWatch", true);
    private volatile Function<Envelope, @Nullable OutboundEnvelope> script = request -> null;

    private StubServer() {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(ServerServiceDefinition.builder(Methods.UNARY_SERVICE)
                            .addMethod(Methods.SERVER_UNARY, new Unary())
                            .build())
                    .addService(ServerServiceDefinition.builder(Methods.STREAM_SERVICE)
                            .addMethod(Methods.SERVER_STREAM, new Stream())
                            .build())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server that answers everything with success. */
    public static StubServer start() {
        return new StubServer();
    }

    /** Returns the port of gRPC; a client's offset has to be 0. */
    public int port() {
        return server.getPort();
    }

    /** Returns {@code 127.0.0.1:port}. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** Says that no set-up ack is announced or sent, as old servers do. */
    public void withoutNegotiation() {
        negotiating = false;
    }

    /** Says what the server announces. */
    public void abilities(Map<String, Boolean> value) {
        abilities = value;
    }

    /** Says what is answered; null for the ordinary success. */
    public void answer(Function<Envelope, @Nullable OutboundEnvelope> value) {
        script = value;
    }

    /** Returns the unary requests of a type so far, in their order. */
    public List<Envelope> requests(String type) {
        return requests.stream().filter(request -> request.type().equals(type)).toList();
    }

    /** Returns what came on streams so far, of a type. */
    public List<Envelope> received(String type) {
        return received.stream().filter(message -> message.type().equals(type)).toList();
    }

    /** Returns how many streams are open. */
    public int streams() {
        return streams.size();
    }

    /** Sends a message to every client. */
    public void push(OutboundEnvelope message) {
        for (ServerCall<Envelope, OutboundEnvelope> stream : streams) {
            synchronized (stream) {
                stream.sendMessage(message);
            }
        }
    }

    /** Ends every stream. */
    public void endStreams() {
        for (ServerCall<Envelope, OutboundEnvelope> stream : List.copyOf(streams)) {
            streams.remove(stream);
            synchronized (stream) {
                stream.close(Status.OK, new Metadata());
            }
        }
    }

    /** Returns the push of a service. */
    public static OutboundEnvelope service(String id, ServiceKey key, long time, Instance... instances) {
        return new Pushes("", "node", 1)
                .notifySubscriber(
                        id,
                        ServiceInfoJson.head(key.name(), key.group(), "", 10_000),
                        joined(key, instances),
                        ServiceInfoJson.tail(time, false));
    }

    /** Returns the push of a service that names its revision, so that changes may follow. */
    public static OutboundEnvelope service(String id, ServiceKey key, long revision, boolean left, Instance... hosts) {
        return new Pushes("", "node", 1)
                .notifySubscriber(
                        id,
                        revision,
                        left,
                        ServiceInfoJson.head(key.name(), key.group(), "", 10_000),
                        joined(key, hosts),
                        ServiceInfoJson.tail(revision, false));
    }

    /** Returns the push of what has changed since a revision; the next one results. */
    public static OutboundEnvelope change(
            String id, ServiceKey key, long base, int[] removed, int[] put, int count, Instance... hosts) {
        return new Pushes("", "node", 1)
                .notifyChange(
                        id,
                        base,
                        base + 1,
                        ServiceInfoJson.edits(removed, put, count),
                        ServiceInfoJson.head(key.name(), key.group(), "", 10_000),
                        joined(key, hosts),
                        ServiceInfoJson.tail(base + 1, false));
    }

    private static byte[] joined(ServiceKey key, Instance... instances) {
        return ServiceInfoJson.joinHosts(java.util.Arrays.stream(instances)
                .map(instance -> InstanceJson.encode(instance, key))
                .toList());
    }

    /** Returns the answer to a subscription. */
    public static OutboundEnvelope subscribed(ServiceKey key, long time, Instance... instances) {
        return Answers.subscribeService(
                ServiceInfoJson.head(key.name(), key.group(), "", 10_000),
                joined(key, instances),
                ServiceInfoJson.tail(time, false));
    }

    /** Returns the body of a message as text. */
    public static String body(Envelope envelope) {
        return new String(envelope.array(), envelope.offset(), envelope.length(), UTF_8);
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the stub has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private OutboundEnvelope ordinary(Envelope request) {
        return switch (request.type()) {
            case "ServerCheckRequest" -> Answers.serverCheck("stub-" + streams.size(), negotiating);
            case "HealthCheckRequest" -> Answers.healthCheck();
            case "BatchInstanceRequest" -> Answers.batchInstance("batchRegisterInstance");
            case "NamingFuzzyWatchRequest" -> Answers.fuzzyWatch();
            default -> Answers.instance("registerInstance");
        };
    }

    private final class Unary implements ServerCallHandler<Envelope, OutboundEnvelope> {
        @Override
        public ServerCall.Listener<Envelope> startCall(ServerCall<Envelope, OutboundEnvelope> call, Metadata headers) {
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(Envelope request) {
                    requests.add(request);
                    OutboundEnvelope scripted = script.apply(request);
                    call.sendHeaders(new Metadata());
                    call.sendMessage(scripted == null ? ordinary(request) : scripted);
                    call.close(Status.OK, new Metadata());
                }
            };
        }
    }

    private final class Stream implements ServerCallHandler<Envelope, OutboundEnvelope> {
        @Override
        public ServerCall.Listener<Envelope> startCall(ServerCall<Envelope, OutboundEnvelope> call, Metadata headers) {
            call.sendHeaders(new Metadata());
            call.request(1000);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(Envelope message) {
                    received.add(message);
                    if (message.type().equals("ConnectionSetupRequest")) {
                        synchronized (call) {
                            streams.add(call);
                            if (negotiating) {
                                call.sendMessage(new Pushes("", "node", 1).setupAck(abilities));
                            }
                        }
                    }
                }

                @Override
                public void onHalfClose() {
                    streams.remove(call);
                    synchronized (call) {
                        call.close(Status.OK, new Metadata());
                    }
                }

                @Override
                public void onCancel() {
                    streams.remove(call);
                }
            };
        }
    }
}
