package io.registry.server.udp;

import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroTimer;
import io.registry.proto.json.ServiceInfoJson;
import io.registry.server.core.push.HttpSubscriptions;
import io.registry.server.core.push.Push;
import io.registry.server.core.push.Pusher;
import io.registry.server.core.service.ServiceAnswer;
import io.registry.server.core.service.ServicePayload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP socket from which 1.x clients are pushed to, and on which their acknowledgements arrive.
 *
 * <p>A datagram that is not acknowledged within ten seconds is sent once more, the same bytes, and then given up: the
 * client pulls every ten seconds anyway.
 *
 * <p><b>Threading</b>: sending on the loop; receiving on a thread of its own, which hands over to the loop.
 */
public final class UdpEndpoint implements HttpSubscriptions.Ways, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UdpEndpoint.class);

    /** The wire protocol's time to wait for an acknowledgement. */
    private static final Duration ACKNOWLEDGE_WITHIN = Duration.ofSeconds(10);

    /** From this size on a datagram is compressed: the wire protocol's bound. */
    private static final int COMPRESS_FROM = 1024;

    /** The largest payload that a UDP datagram over IPv4 can carry. */
    private static final int DATAGRAM_MAX = 65_507;

    /** How many datagrams may wait for their acknowledgement. */
    private static final int WAITING_MAX = 100_000;

    private record Key(SocketAddress to, long reference) {}

    private static final class Waiting {
        final byte[] datagram;
        final Cancellable timer;

        Waiting(byte[] datagram, Cancellable timer) {
            this.datagram = datagram;
            this.timer = timer;
        }
    }

    private final InetAddress address;
    private final DistroTimer loop;
    private final Runnables onLoop;
    private final LongSupplier nanos;
    private final LongSupplier cacheMillis;
    private final Map<Key, Waiting> waiting = new LinkedHashMap<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private @Nullable DatagramChannel channel;

    /** Runs something on the loop. */
    public interface Runnables {
        /** Gives a task to the loop. */
        void post(Runnable task);
    }

    /**
     * Makes an endpoint.
     *
     * @param address where to bind; the port is any free one
     * @param nanos a monotonic clock in nanoseconds, from which the keys of acknowledgements are made
     * @param cacheMillis for how long clients cache a list
     */
    public UdpEndpoint(
            InetAddress address, DistroTimer loop, Runnables onLoop, LongSupplier nanos, LongSupplier cacheMillis) {
        this.address = address;
        this.loop = loop;
        this.onLoop = onLoop;
        this.nanos = nanos;
        this.cacheMillis = cacheMillis;
    }

    /** Opens the socket. */
    public void open() throws IOException {
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(address, 0));
    }

    /** Receives acknowledgements until the socket is closed. Blocks: for a thread of its own. */
    public void receive() {
        DatagramChannel open = channel;
        if (open == null) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM_MAX);
        while (open.isOpen()) {
            try {
                buffer.clear();
                SocketAddress from = open.receive(buffer);
                buffer.flip();
                long reference = UdpAcknowledgement.reference(buffer);
                if (from != null && reference != UdpAcknowledgement.NONE) {
                    onLoop.post(() -> acknowledged(new Key(from, reference)));
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (SocketException e) {
                // A former datagram met a closed port; the next call works again.
                LOG.debug("udp receive", e);
            } catch (IOException e) {
                LOG.warn("udp acknowledgements are not received any more: cause={}", e.toString());
                return;
            }
        }
    }

    @Override
    public Pusher to(HttpSubscriptions.Endpoint endpoint) {
        InetSocketAddress to = new InetSocketAddress(endpoint.ip(), endpoint.port());
        return new Pusher() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void send(Push push) {
                if (push instanceof Push.Service service) {
                    UdpEndpoint.this.send(to, service.answer());
                }
            }

            @Override
            public void whenWritten(Runnable task) {
                task.run();
            }

            @Override
            public boolean acknowledges() {
                return false;
            }

            @Override
            public boolean takesChanges() {
                return false;
            }
        };
    }

    /** Returns how many datagrams were sent. */
    public long sent() {
        return sent.sum();
    }

    /** Returns how many were given up. */
    public long failed() {
        return failed.sum();
    }

    private void send(InetSocketAddress to, ServiceAnswer answer) {
        long reference = nanos.getAsLong();
        byte[] datagram = encode(answer, reference);
        if (datagram.length > DATAGRAM_MAX || waiting.size() >= WAITING_MAX || to.isUnresolved()) {
            failed.increment();
            return;
        }
        Key key = new Key(to, reference);
        put(to, datagram);
        waiting.put(key, new Waiting(datagram, loop.after(ACKNOWLEDGE_WITHIN, () -> again(key, to))));
    }

    private void again(Key key, InetSocketAddress to) {
        Waiting found = waiting.remove(key);
        if (found == null) {
            return;
        }
        put(to, found.datagram);
        waiting.put(key, new Waiting(found.datagram, loop.after(ACKNOWLEDGE_WITHIN, () -> {
            if (waiting.remove(key) != null) {
                failed.increment();
            }
        })));
    }

    private void acknowledged(Key key) {
        Waiting found = waiting.remove(key);
        if (found != null) {
            found.timer.cancel();
        }
    }

    private void put(InetSocketAddress to, byte[] datagram) {
        DatagramChannel open = channel;
        if (open == null) {
            return;
        }
        try {
            open.send(ByteBuffer.wrap(datagram), to);
            sent.increment();
        } catch (IOException e) {
            LOG.debug("udp send: to={}", to, e);
            failed.increment();
        }
    }

    private byte[] encode(ServiceAnswer answer, long reference) {
        ServicePayload payload = answer.payload();
        byte[] head =
                ServiceInfoJson.head(answer.service().groupedName(), null, answer.clusters(), cacheMillis.getAsLong());
        byte[] tail = ServiceInfoJson.tailV1(answer.lastRefTime(), payload.reachProtectionThreshold());
        String data = new String(head, StandardCharsets.UTF_8)
                + new String(payload.hosts(), StandardCharsets.UTF_8)
                + new String(tail, StandardCharsets.UTF_8);
        byte[] plain = UdpAcknowledgement.message(data, reference).getBytes(StandardCharsets.UTF_8);
        return plain.length < COMPRESS_FROM ? plain : compress(plain);
    }

    private static byte[] compress(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 2);
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
