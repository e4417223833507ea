package io.registry.server.bench;

import io.grpc.Grpc;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The floor of the figures for gRPC: a server that keeps nothing and answers each request with prepared bytes of the
 * length that a registry's answer has. What a registry costs beyond it is the registry. A registration whose metadata
 * carry a revision is pushed to every connection that has subscribed to anything, one message after the other, as the
 * library is used plainly.
 *
 * <p>It needs Linux. {@code main PORT} listens on loopback until it is ended. A query of a service whose name contains {@code qN-} is
 * answered with N instances.
 */
public final class EchoFloor {

    private static final Pattern SIZE = Pattern.compile("q(\\d+)-");
    private static final Pattern REVISION = Pattern.compile("\"rev\":\"(@\\d+)\"");

    private final Map<Integer, byte[]> lists = new ConcurrentHashMap<>();
    private final Map<SocketAddress, ServerCall<byte[], byte[]>> streams = new ConcurrentHashMap<>();
    private final Map<SocketAddress, ServerCall<byte[], byte[]>> subscribers = new ConcurrentHashMap<>();
    private final byte[] check = envelope(
            "ServerCheckResponse",
            "{\"resultCode\":200,\"errorCode\":0,\"connectionId\":\"1795556042123_127.0.0.1_54321\","
                    + "\"supportAbilityNegotiation\":true,\"success\":true}");
    private final byte[] setUp = envelope(
            "SetupAckRequest",
            "{\"headers\":{},\"requestId\":\"1\",\"abilityTable\":{\"supportPersistentInstanceByGrpc\":true},"
                    + "\"module\":\"internal\"}");
    private final byte[] subscribed =
            envelope("SubscribeServiceResponse", "{\"resultCode\":200,\"errorCode\":0,\"success\":true}");
    private final byte[] alive =
            envelope("HealthCheckResponse", "{\"resultCode\":200,\"errorCode\":0,\"success\":true}");
    private final byte[] registered = envelope(
            "InstanceResponse", "{\"resultCode\":200,\"errorCode\":0,\"type\":\"registerInstance\",\"success\":true}");
    private final byte[] deregistered = envelope(
            "InstanceResponse",
            "{\"resultCode\":200,\"errorCode\":0,\"type\":\"deregisterInstance\",\"success\":true}");

    private EchoFloor() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        EchoFloor floor = new EchoFloor();
        EventLoopGroup boss = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        EventLoopGroup workers = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
        NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])))
                .channelType(EpollServerSocketChannel.class)
                .bossEventLoopGroup(boss)
                .workerEventLoopGroup(workers)
                .directExecutor()
                .maxInboundMessageSize(10 * 1024 * 1024)
                .addService(ServerServiceDefinition.builder("Request")
                        .addMethod(method(MethodDescriptor.MethodType.UNARY, "Request/request"), floor.handler(true))
                        .build())
                .addService(ServerServiceDefinition.builder("BiRequestStream")
                        .addMethod(
                                method(MethodDescriptor.MethodType.BIDI_STREAMING, "BiRequestStream/requestBiStream"),
                                floor.handler(false))
                        .build())
                .build()
                .start()
                .awaitTermination();
    }

    /** Tells requests apart by one byte of the type's name where that is enough, as cheaply as it can be done. */
    private byte[] answer(byte[] request, SocketAddress from) {
        int at = 4;
        while (request[at] < 'A' || request[at] > 'Z') {
            at++;
        }
        return switch (request[at]) {
            case 'H' -> alive;
            case 'I' -> registered(request);
            default ->
                switch (request[at + 1]) {
                    case 'u' -> subscribed(from);
                    default -> request[at + 2] == 'r' && request[at + 7] == 'Q' ? list(request) : check;
                };
        };
    }

    private byte[] registered(byte[] request) {
        if (contains(request, "\"deregister")) {
            return deregistered;
        }
        if (!subscribers.isEmpty()) {
            String text = new String(request, StandardCharsets.ISO_8859_1);
            Matcher revision = REVISION.matcher(text);
            Matcher size = SIZE.matcher(text);
            if (revision.find() && size.find()) {
                byte[] push = envelope(
                        "NotifySubscriberRequest",
                        "{\"headers\":{},\"requestId\":\"123456\",\"namespace\":\"public\",\"serviceName\":\"q10-1\","
                                + "\"groupName\":\"DEFAULT_GROUP\","
                                + serviceInfo(Integer.parseInt(size.group(1)), revision.group(1))
                                + ",\"module\":\"naming\"}");
                subscribers.values().forEach(stream -> send(stream, push));
            }
        }
        return registered;
    }

    /** Leaves out a stream that its client ends at this moment. */
    private static void send(ServerCall<byte[], byte[]> stream, byte[] push) {
        try {
            stream.sendMessage(push);
        } catch (IllegalStateException e) {
            System.err.println("not pushed: " + e.getMessage());
        }
    }

    private byte[] subscribed(SocketAddress from) {
        ServerCall<byte[], byte[]> stream = streams.get(from);
        if (stream != null) {
            subscribers.put(from, stream);
        }
        return subscribed;
    }

    private byte[] list(byte[] request) {
        Matcher size = SIZE.matcher(new String(request, StandardCharsets.ISO_8859_1));
        return lists.computeIfAbsent(size.find() ? Integer.parseInt(size.group(1)) : 1, EchoFloor::listOf);
    }

    private static boolean contains(byte[] request, String text) {
        return new String(request, StandardCharsets.ISO_8859_1).contains(text);
    }

    private static byte[] listOf(int size) {
        return envelope(
                "QueryServiceResponse",
                "{\"resultCode\":200,\"errorCode\":0," + serviceInfo(size, "@0") + ",\"success\":true}");
    }

    private static String serviceInfo(int size, String revision) {
        StringBuilder json = new StringBuilder("\"serviceInfo\":{\"name\":\"q10-1\","
                + "\"groupName\":\"DEFAULT_GROUP\",\"clusters\":\"\",\"cacheMillis\":10000,\"hosts\":[");
        for (int i = 0; i < size; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"instanceId\":\"127.1.0.")
                    .append(i % 256)
                    .append('#')
                    .append(10_000 + i)
                    .append("#DEFAULT#DEFAULT_GROUP@@q10-1234567890-1\",\"ip\":\"127.1.0.")
                    .append(i % 256)
                    .append("\",\"port\":")
                    .append(10_000 + i)
                    .append(",\"weight\":1.0,\"healthy\":true,\"enabled\":true,\"ephemeral\":true,")
                    .append("\"clusterName\":\"DEFAULT\",\"serviceName\":\"DEFAULT_GROUP@@q10-1234567890-1\",")
                    .append("\"metadata\":{\"rev\":\"")
                    .append(revision)
                    .append("\",\"zone\":\"z1\"},\"instanceHeartBeatInterval\":5000,")
                    .append("\"instanceHeartBeatTimeOut\":15000,\"ipDeleteTimeout\":30000}");
        }
        return json.append("],\"lastRefTime\":1795556042123,\"checksum\":\"\",\"allIPs\":false,")
                .append("\"reachProtectionThreshold\":false,\"valid\":true}")
                .toString();
    }

    private static byte[] envelope(String type, String body) {
        byte[] name = type.getBytes(StandardCharsets.UTF_8);
        byte[] json = body.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[json.length + name.length + 32];
        int at = field(bytes, 0, 2, 2 + name.length);
        at = field(bytes, at, 3, name.length);
        System.arraycopy(name, 0, bytes, at, name.length);
        at += name.length;
        int announced = field(new byte[16], 0, 2, json.length);
        at = field(bytes, at, 3, announced + json.length);
        at = field(bytes, at, 2, json.length);
        System.arraycopy(json, 0, bytes, at, json.length);
        return java.util.Arrays.copyOf(bytes, at + json.length);
    }

    private static int field(byte[] bytes, int from, int number, int length) {
        int at = from;
        bytes[at++] = (byte) (number << 3 | 2);
        int rest = length;
        while (rest >= 0x80) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    private ServerCallHandler<byte[], byte[]> handler(boolean unary) {
        return (call, headers) -> {
            call.request(2);
            SocketAddress from = Objects.requireNonNull(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            return new ServerCall.Listener<>() {
                private byte[] request = new byte[0];

                @Override
                public void onMessage(byte[] message) {
                    request = message;
                    if (!unary) {
                        if (contains(message, "ConnectionSetupRequest")) {
                            streams.put(from, call);
                            call.sendHeaders(new Metadata());
                            call.sendMessage(setUp);
                        }
                        call.request(1);
                    }
                }

                @Override
                public void onHalfClose() {
                    if (unary) {
                        call.sendHeaders(new Metadata());
                        call.sendMessage(answer(request, from));
                    } else {
                        forget();
                    }
                    call.close(Status.OK, new Metadata());
                }

                @Override
                public void onCancel() {
                    forget();
                }

                private void forget() {
                    streams.remove(from, call);
                    subscribers.remove(from, call);
                }
            };
        };
    }

    private static MethodDescriptor<byte[], byte[]> method(MethodDescriptor.MethodType type, String name) {
        Bytes bytes = new Bytes();
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setType(type)
                .setFullMethodName(name)
                .build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new Known(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Known extends ByteArrayInputStream implements KnownLength {
        Known(byte[] bytes) {
            super(bytes);
        }
    }
}
