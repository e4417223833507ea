package io.registry.server.peer.http;

import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpClientCodec;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObjectAggregator;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A way for one request at a time. The socket is kept for the next one, and made anew where it has been closed meanwhile:
 * a request that may be repeated is then said again, a few times.
 *
 * <p>It goes to its address and nowhere else: no redirect is followed and no proxy is used.
 *
 * <p><b>Threading</b>: on the thread of the port.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing a socket has no outcome that anybody could act on
final class HttpConnection {

    private static final int CONNECT_MILLIS = 2_000;
    private static final int LINE_BYTES_MAX = 4_096;
    private static final int HEADER_BYTES_MAX = 8_192;
    private static final int CHUNK_BYTES_MAX = 64 << 10;

    /** Whoever closes a connection closes another one where it is made in that moment; then it is somebody who is away. */
    private static final int TRIES_MAX = 4;

    /** From the second repetition on, so much longer each time. */
    private static final Duration TRY_AFTER = Duration.ofMillis(50);

    private final HttpTarget target;
    private @Nullable Channel connecting;
    private @Nullable Channel channel;
    private @Nullable Asking current;
    private boolean closed;
    private int repeats;

    /** Hears how a request has ended: once, and never before it was asked. */
    interface Reply {

        void answered(HttpAnswer answer);

        void failed(String cause);
    }

    /**
     * What is asked.
     *
     * @param headers what its headers say beside the usual
     * @param within how long its answer may take
     * @param repeatable whether it has no other effect where it is said twice
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(Map<String, String> headers, byte[] body, Duration within, boolean repeatable) {}

    /** A request under way. */
    private static final class Asking {

        final Request request;
        final Reply reply;
        int tries;

        @Nullable
        Future<?> deadline;

        Asking(Request request, Reply reply) {
            this.request = request;
            this.reply = reply;
        }
    }

    HttpConnection(HttpTarget target) {
        this.target = target;
    }

    /** Asks; the request before has to be answered. */
    void ask(Request request, Reply reply) {
        if (current != null) {
            throw new IllegalStateException("a request is under way (expected: none)");
        }
        Asking asking = new Asking(request, reply);
        current = asking;
        asking.deadline = target.thread()
                .after(
                        request.within(),
                        () -> fail(
                                asking, "no answer within " + request.within().toMillis() + " ms"));
        say(asking);
    }

    /** Ends it; nobody hears of what is under way. */
    void close() {
        closed = true;
        Asking asking = current;
        current = null;
        if (asking != null && asking.deadline != null) {
            asking.deadline.cancel(false);
        }
        closeSockets();
    }

    private void closeSockets() {
        if (connecting != null) {
            connecting.close();
            connecting = null;
        }
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private void say(Asking asking) {
        asking.tries++;
        if (asking.tries > 1) {
            repeats++;
        }
        if (channel != null && channel.isActive()) {
            write(channel, asking.request);
        } else {
            // One that is closed and has not said so yet would take this for the request that it has lost.
            channel = null;
            connect(asking);
        }
    }

    private void connect(Asking asking) {
        ChannelFuture future = new Bootstrap()
                .group(target.thread().group())
                .channel(target.socket())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        fresh.pipeline()
                                .addLast(new HttpClientCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, CHUNK_BYTES_MAX))
                                .addLast(new HttpObjectAggregator(target.bodyBytesMax()))
                                .addLast(new Answers());
                    }
                })
                .connect(target.address());
        connecting = future.channel();
        future.addListener(done -> target.thread().run(() -> connected(asking, future)));
    }

    private void connected(Asking asking, ChannelFuture future) {
        if (closed || current != asking) {
            future.channel().close();
            return;
        }
        connecting = null;
        if (future.isSuccess()) {
            channel = future.channel();
            write(channel, asking.request);
        } else {
            fail(asking, text(future.cause()));
        }
    }

    private void write(Channel to, Request asked) {
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(DatumWire.METHOD),
                target.path(),
                Unpooled.wrappedBuffer(asked.body()));
        request.headers()
                .set(HttpHeaderNames.HOST, target.host())
                .set(HttpHeaderNames.USER_AGENT, "registry-peer")
                .set(HttpHeaderNames.CONTENT_LENGTH, asked.body().length);
        if (asked.body().length > 0) {
            request.headers().set(HttpHeaderNames.CONTENT_TYPE, DatumWire.FRAMES);
        }
        if (repeats > 0) {
            request.headers().set(DatumWire.REPEATS, repeats);
        }
        asked.headers().forEach((name, value) -> request.headers().set(name, value));
        to.writeAndFlush(request);
    }

    private void answered(Channel from, FullHttpResponse response) {
        Asking asking = current;
        if (from != channel || asking == null) {
            from.close();
            return;
        }
        HttpAnswer answer = HttpAnswer.of(response);
        if (!HttpUtil.isKeepAlive(response)) {
            closeSockets();
        }
        end(asking).answered(answer);
    }

    private void lost(Channel which, String cause) {
        if (which != channel) {
            return;
        }
        channel = null;
        Asking asking = current;
        if (asking == null) {
            return;
        }
        if (!asking.request.repeatable() || asking.tries >= TRIES_MAX) {
            fail(asking, cause);
        } else if (asking.tries == 1) {
            say(asking);
        } else {
            var unused = target.thread().after(TRY_AFTER.multipliedBy(asking.tries - 1), () -> {
                if (current == asking) {
                    say(asking);
                }
            });
        }
    }

    private void fail(Asking asking, String cause) {
        if (current == asking) {
            closeSockets();
            end(asking).failed(cause);
        }
    }

    private Reply end(Asking asking) {
        current = null;
        if (asking.deadline != null) {
            asking.deadline.cancel(false);
        }
        return asking.reply;
    }

    private static String text(@Nullable Throwable problem) {
        if (problem == null) {
            return "unknown";
        }
        return problem.getMessage() == null ? problem.toString() : problem.getMessage();
    }

    /** Hears one socket. */
    private final class Answers extends SimpleChannelInboundHandler<FullHttpResponse> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            if (response.decoderResult().isFailure()) {
                lost(context.channel(), text(response.decoderResult().cause()));
                context.close();
            } else {
                answered(context.channel(), response);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            lost(context.channel(), "the connection was closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable problem) {
            lost(context.channel(), text(problem));
            context.close();
        }
    }
}
