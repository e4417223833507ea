package io.registry.server.health;

import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpClientCodec;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.ScheduledFuture;
import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroTimer;
import io.registry.server.core.health.HealthProbe;
import io.registry.server.core.persistent.HealthCheck;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks over sockets that do not block, all on one thread, which is also the timer of those who ask.
 *
 * <p>A check connects to the address it was given and nowhere else: no redirect is followed, no proxy is used, and the
 * connection ends as soon as the first line of the answer is known. At most {@value #SOCKETS_MAX} sockets are open; more
 * checks wait for one.
 *
 * <p><b>Threading</b>: {@link #after} from any thread, {@link #check} on the thread of this.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing a socket has no outcome that anybody could act on
public final class NetworkProbe implements HealthProbe, DistroTimer {

    /** So many time-outs of half a second fit into the longest pause between checks of 10,000 silent hosts. */
    static final int SOCKETS_MAX = 1_000;

    /** How long a connection may take to come about, and an answer to come: the wire protocol's. */
    private static final Duration TIME_MAX = Duration.ofMillis(500);

    /** The answer's first line and its headers. */
    private static final int ANSWER_BYTES_MAX = 8_192;

    private record Waiting(Target target, Consumer<Result> result) {}

    /** Where it is there: Java's own channels keep their sockets for a while after they are closed. */
    private final boolean epoll = Epoll.isAvailable();

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final AllowedNetworks networks;
    private final CheckHeaders headers;
    private final Executor resolving;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int open;

    /**
     * Makes a probe with a thread of its own.
     *
     * @param resolving where names are looked up, which blocks
     */
    public NetworkProbe(AllowedNetworks networks, CheckHeaders headers, Executor resolving) {
        this.group = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("registry-health", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loop = group.next();
        this.networks = networks;
        this.headers = headers;
        this.resolving = resolving;
    }

    /** Ends the thread and every check. */
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        if (loop.isShuttingDown()) {
            return () -> {};
        }
        if (delay.isZero()) {
            loop.execute(task);
            return () -> {};
        }
        ScheduledFuture<?> future = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void check(Target target, Consumer<Result> result) {
        if (open >= SOCKETS_MAX) {
            waiting.add(new Waiting(target, result));
            return;
        }
        open++;
        if (AllowedNetworks.isLiteral(target.host())) {
            // Nothing is looked up for a literal address.
            resolved(target, result, address(target.host()));
        } else {
            resolving.execute(() -> {
                InetAddress address = address(target.host());
                after(Duration.ZERO, () -> resolved(target, result, address));
            });
        }
    }

    private static @Nullable InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            // Nobody of that name: an outcome like any other.
            return null;
        }
    }

    private void resolved(Target target, Consumer<Result> result, @Nullable InetAddress address) {
        if (address == null) {
            over(result, Result.FAILURE);
        } else if (!networks.allows(address) || target.port() < 1 || target.port() > 65_535) {
            over(result, Result.NOT_ASKED);
        } else {
            connect(target, new InetSocketAddress(address, target.port()), new Once(result));
        }
    }

    private void connect(Target target, InetSocketAddress address, Once once) {
        boolean http = target.check().type() == HealthCheck.Type.HTTP;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TIME_MAX.toMillis())
                // A connection that is only made says nothing, so it may end without a farewell. With one, checks that
                // come
                // every second would leave this node with a minute's worth of finished connections.
                .option(ChannelOption.SO_LINGER, http ? -1 : 0)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (http) {
                            channel.pipeline()
                                    .addLast(new HttpClientCodec(ANSWER_BYTES_MAX, ANSWER_BYTES_MAX, ANSWER_BYTES_MAX))
                                    .addLast(new FirstLine(target.check(), once));
                        }
                    }
                });
        bootstrap.connect(address).addListener(future -> {
            Channel channel = ((io.grpc.netty.shaded.io.netty.channel.ChannelFuture) future).channel();
            if (!future.isSuccess()) {
                once.over(
                        future.cause() instanceof ConnectException refused && isRefusal(refused)
                                ? Result.REFUSED
                                : Result.FAILURE);
            } else if (http) {
                ScheduledFuture<?> late = loop.schedule(
                        () -> {
                            once.over(Result.FAILURE);
                            channel.close();
                        },
                        TIME_MAX.toMillis(),
                        TimeUnit.MILLISECONDS);
                channel.closeFuture().addListener(closed -> {
                    late.cancel(false);
                    once.over(Result.FAILURE);
                });
                channel.writeAndFlush(request(target));
            } else {
                once.over(Result.SUCCESS);
                channel.close();
            }
        });
    }

    /** A connection that timed out, or a host that cannot be reached, is of the same class as one that was refused. */
    private static boolean isRefusal(ConnectException e) {
        return e.getMessage() != null && e.getMessage().contains("refused");
    }

    private DefaultFullHttpRequest request(Target target) {
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, path(target.check().path()));
        String host = target.host().indexOf(':') >= 0 ? "[" + target.host() + "]" : target.host();
        request.headers()
                .set(HttpHeaderNames.HOST, host + ":" + target.port())
                .set(HttpHeaderNames.USER_AGENT, "registry-health-check")
                .set(HttpHeaderNames.CONNECTION, "close");
        for (Map.Entry<String, String> header : headers.read(target.check().headers())) {
            request.headers().set(header.getKey(), header.getValue());
        }
        return request;
    }

    /** Whoever may describe a cluster chooses the path: whatever could end the line is encoded. */
    private static String path(String text) {
        StringBuilder path = new StringBuilder(text.length() + 1);
        if (!text.startsWith("/")) {
            path.append('/');
        }
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 127) {
                path.append((char) b);
            } else {
                path.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return path.toString();
    }

    private void over(Consumer<Result> result, Result how) {
        open--;
        result.accept(how);
        Waiting next = waiting.poll();
        if (next != null) {
            loop.execute(() -> check(next.target(), next.result()));
        }
    }

    /** Takes the first of several ends. */
    private final class Once {
        private @Nullable Consumer<Result> result;

        Once(Consumer<Result> result) {
            this.result = result;
        }

        void over(Result how) {
            Consumer<Result> told = result;
            if (told != null) {
                result = null;
                NetworkProbe.this.over(told, how);
            }
        }
    }

    /** Judges an answer by its status, and reads no further. */
    private static final class FirstLine extends ChannelInboundHandlerAdapter {
        private final HealthCheck check;
        private final Once once;

        FirstLine(HealthCheck check, Once once) {
            this.check = check;
            this.once = once;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse response) {
                boolean read = response.decoderResult().isSuccess();
                once.over(read ? judged(response.status().code()) : Result.FAILURE);
                context.close();
            }
            ReferenceCountUtil.release(message);
        }

        private Result judged(int status) {
            if (status == check.expectedCode()) {
                return Result.SUCCESS;
            }
            return status == 302 || status == 503 ? Result.FAILURE : Result.REFUSED;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            once.over(Result.FAILURE);
            context.close();
        }
    }
}
