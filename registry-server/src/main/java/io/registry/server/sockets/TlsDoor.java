package io.registry.server.sockets;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first byte of a connection, puts TLS beneath what follows where it is that of a TLS handshake, and leaves.
 * What the server says of itself meanwhile waits, since it cannot know yet in which form to send it: also that it gives the
 * connection up, so what has no first byte in time is closed here. Later gRPC bounds the time until its own handshake is
 * over, in which the TLS handshake is.
 *
 * <p><b>Threading</b>: the event loop of its connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing a socket that is closed, or closes badly, is nobody's concern
final class TlsDoor extends ChannelDuplexHandler {

    private record Held(Object message, ChannelPromise promise) {}

    private final PortTls tls;
    private final Duration patience;
    private final List<Held> held = new ArrayList<>();
    private boolean flushed;
    private boolean decided;
    private @Nullable Future<?> giveUp;

    /**
     * Makes the door of one connection.
     *
     * @param patience how long the first byte may take
     */
    TlsDoor(PortTls tls, Duration patience) {
        this.tls = tls;
        this.patience = patience;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        giveUp = context.executor().schedule(() -> context.close(), patience.toMillis(), TimeUnit.MILLISECONDS);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (decided || !(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        if (!bytes.isReadable()) {
            bytes.release();
            return;
        }
        decided = true;
        if (bytes.getUnsignedByte(bytes.readerIndex()) != ConnectionKinds.TLS_HANDSHAKE) {
            if (!tls.begunPlain()) {
                bytes.release();
                context.close();
                return;
            }
            pass(context);
            context.pipeline().remove(this);
            context.fireChannelRead(bytes);
            return;
        }
        SslContext certificate = tls.begunEncrypted();
        if (certificate == null) {
            bytes.release();
            context.close();
            return;
        }
        SslHandler handler = certificate.newHandler(context.alloc());
        context.pipeline().addBefore(context.name(), "tls", handler);
        pass(context);
        handler.channelRead(context.pipeline().context(handler), bytes);
        if (!context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (decided) {
            context.write(message, promise);
        } else {
            // The server's preface, and nothing else: gRPC says no more before it has heard something.
            held.add(new Held(message, promise));
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (decided) {
            context.flush();
        } else {
            flushed = true;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (giveUp != null) {
            giveUp.cancel(false);
        }
        drop();
    }

    private void pass(ChannelHandlerContext context) {
        held.forEach(each -> context.write(each.message(), each.promise()));
        held.clear();
        if (flushed) {
            context.flush();
        }
    }

    private void drop() {
        for (Held each : held) {
            ReferenceCountUtil.release(each.message());
            each.promise().tryFailure(new ClosedChannelException());
        }
        held.clear();
    }
}
