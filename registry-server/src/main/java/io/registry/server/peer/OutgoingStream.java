package io.registry.server.peer;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.encoding.MessageReader;
import io.registry.server.core.encoding.UnknownFormException;
import io.registry.server.peer.line.Line;
import io.registry.server.peer.line.OutgoingLine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node says to one other: the stream that it opens to it, again and again, and what waits for that.
 *
 * <p><b>Threading</b>: {@link #send} and {@link #ask} from any thread, the rest on the thread of the port.
 */
final class OutgoingStream {

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingStream.class);

    private static final int CAUSE_MAX = 400;
    private static final int CAUSES_MAX = 4;

    private final NodeId peer;
    private final PortContext port;
    private final PeerCounters counters;
    private final SendQueue queue;
    private final OutgoingCalls calls;
    private final OutgoingFrames frames;

    /** Why there has been no stream since there was one: each cause is logged once. */
    private final Set<String> causes = new HashSet<>();

    private final AtomicBoolean woken = new AtomicBoolean();
    private String host;
    private int portNumber;
    private @Nullable Attempt current;
    private @Nullable Future<?> retry;
    private boolean closed;
    private int failuresInRow;
    private @Nullable Runnable whenClosed;

    OutgoingStream(NodeId peer, String host, int portNumber, PortContext port, PeerCounters counters) {
        this.peer = peer;
        this.host = host;
        this.portNumber = portNumber;
        this.port = port;
        this.counters = counters;
        this.queue = new SendQueue(port.config().limits().messagesMax(), counters);
        this.calls = new OutgoingCalls(peer, port.config().limits().callsMax(), port.thread(), counters);
        this.frames = new OutgoingFrames(peer, port, counters, queue, calls);
    }

    /** Sends a message as soon as the stream takes it, or drops it. */
    void send(DistroMessage<ServiceKey, ClientData> message) {
        if (!counters.isUp()) {
            counters.unconnected.increment();
            return;
        }
        queue.add(message);
        if (woken.compareAndSet(false, true)) {
            port.thread().execute(() -> {
                woken.set(false);
                pump();
            });
        }
    }

    /** Asks the peer, once. */
    CompletableFuture<byte[]> ask(byte[] command, Duration deadline) {
        return calls.ask(command, deadline, this::pump);
    }

    /** Connects for the first time. */
    void open() {
        connect();
    }

    /** Goes to another address from now on, at once where it differs. */
    void moveTo(String newHost, int newPort) {
        if (newHost.equals(host) && newPort == portNumber) {
            return;
        }
        host = newHost;
        portNumber = newPort;
        failuresInRow = 0;
        if (current != null) {
            current.fail("its address has changed");
        }
        wake();
    }

    /** Connects soon, where an attempt is due only later: the peer has just shown that it is there. */
    void wake() {
        if (!closed && retry != null) {
            retryAfter(Duration.ofMillis(
                    port.jitter().upTo(port.config().limits().retryMin().toMillis())));
        }
    }

    /**
     * Ends the stream after what waits, as far as the peer takes it, and opens none any more.
     *
     * @param done runs when it has ended, at once where there is none
     */
    void finish(Runnable done) {
        closed = true;
        cancelRetry();
        Attempt attempt = current;
        if (attempt == null || attempt.session == null) {
            close("this node is stopping");
            done.run();
            return;
        }
        whenClosed = done;
        pump();
        attempt.finish();
    }

    /** Ends the stream now and opens none any more. */
    void close(String cause) {
        closed = true;
        cancelRetry();
        if (current != null) {
            current.fail(cause);
        }
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
    }

    private void retryAfter(Duration delay) {
        cancelRetry();
        retry = port.thread().after(delay, this::connect);
    }

    private void connect() {
        retry = null;
        if (closed) {
            return;
        }
        Attempt attempt = new Attempt();
        current = attempt;
        attempt.begin();
    }

    private void pump() {
        Attempt attempt = current;
        if (attempt != null && attempt.session != null) {
            attempt.pump();
        }
    }

    private void opened(Attempt attempt) {
        causes.clear();
        counters.connects.increment();
        calls.opened();
        counters.up(true);
        LOG.info("stream to peer open: peer={} address={}:{}", peer, host, portNumber);
        attempt.pump();
    }

    private void lost(Attempt attempt, String cause) {
        if (current != attempt) {
            return;
        }
        current = null;
        boolean wasUp = attempt.session != null;
        counters.up(false);
        counters.failures.increment();
        queue.clear();
        calls.closed(cause);
        if (closed) {
            LOG.info("stream to peer closed: peer={}", peer);
            if (whenClosed != null) {
                whenClosed.run();
            }
            return;
        }
        // A peer that takes a stream and ends it at once is not asked ten times a second.
        boolean lasted = wasUp
                && port.nanos() - attempt.upSince
                        > port.config().limits().retryMax().toNanos();
        failuresInRow = lasted ? 0 : failuresInRow + 1;
        Duration delay = backOff();
        if (wasUp) {
            LOG.warn(
                    "stream to peer lost: peer={} address={}:{} cause={} retryMillis={}",
                    peer,
                    host,
                    portNumber,
                    cause,
                    delay.toMillis());
        } else if (causes.size() < CAUSES_MAX && causes.add(cause)) {
            LOG.warn(
                    "no stream to peer, tried again until there is one: peer={} address={}:{} cause={}",
                    peer,
                    host,
                    portNumber,
                    cause);
        }
        retryAfter(delay);
    }

    /** Returns a pause that doubles with each failure, between half of it and all of it. */
    private Duration backOff() {
        PeerConfig.Limits limits = port.config().limits();
        int doublings = Math.min(Math.max(0, failuresInRow - 1), 16);
        long millis = Math.min(
                limits.retryMin().toMillis() << doublings, limits.retryMax().toMillis());
        return Duration.ofMillis(millis / 2 + port.jitter().upTo(millis / 2));
    }

    /** One connection, from the look-up of its address to its end. */
    private final class Attempt implements Line.Listener {

        private final Handshake handshake = new Handshake(port.config());
        private @Nullable OutgoingLine line;
        private @Nullable Future<?> deadline;
        private boolean proved;
        private boolean over;
        private @Nullable Session session;
        private long upSince;

        void begin() {
            // Twice as long as the called waits: the first stream of a process takes a while where the machine is busy.
            Duration within = port.config().limits().handshake().multipliedBy(2);
            deadline = port.thread().after(within, () -> fail("no stream within " + within.toMillis() + " ms"));
            String name = host;
            int number = portNumber;
            try {
                port.names().execute(() -> lookUp(name, number));
            } catch (RejectedExecutionException e) {
                fail("this node is stopping");
            }
        }

        private void lookUp(String name, int number) {
            try {
                // Resolved anew each time: a member may come back elsewhere.
                InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(name), number);
                port.thread().execute(() -> start(address));
            } catch (UnknownHostException e) {
                port.thread().execute(() -> fail("unknown host"));
            }
        }

        private void start(InetSocketAddress address) {
            if (over) {
                return;
            }
            OutgoingLine opened = port.lines().call(address, this);
            line = opened;
            opened.send(handshake.hello());
        }

        @Override
        public void frame(byte[] message) {
            OutgoingLine stream = line;
            if (over || stream == null) {
                return;
            }
            try {
                Session known = session;
                if (known != null) {
                    answered(known, message);
                } else if (proved) {
                    confirmed(handshake.confirm(message));
                } else {
                    stream.send(handshake.prove(message, peer));
                    proved = true;
                }
                stream.next();
            } catch (RefusedException e) {
                fail(String.valueOf(e.getMessage()));
            }
        }

        private void confirmed(Session confirmed) throws RefusedException {
            port.incarnations().see(peer, confirmed.incarnation());
            session = confirmed;
            upSince = port.nanos();
            if (deadline != null) {
                deadline.cancel(false);
            }
            opened(this);
        }

        private void answered(Session known, byte[] frame) throws RefusedException {
            int kind = known.open(frame);
            counters.received.increment();
            counters.receivedBytes.add(frame.length);
            if (kind != Session.ANSWER) {
                return;
            }
            try {
                calls.answered(MessageReader.readKnown(
                        ByteBuffer.wrap(frame, Session.HEAD_BYTES, frame.length - Session.EXTRA_BYTES),
                        StreamForms.ANSWER));
            } catch (UnknownFormException e) {
                throw new RefusedException("answer: " + e.getMessage());
            }
        }

        @Override
        public void ready() {
            pump();
        }

        /** Sends what waits, while the line takes it. */
        void pump() {
            Session known = session;
            OutgoingLine stream = line;
            if (known == null || stream == null || over) {
                return;
            }
            while (stream.isReady()) {
                byte[] frame = frames.next(known);
                if (frame == null) {
                    return;
                }
                stream.send(frame);
                counters.sent.increment();
                counters.sentBytes.add(frame.length);
            }
        }

        void finish() {
            if (line != null && !over) {
                line.finish();
            }
        }

        @Override
        public void ended(String cause) {
            fail(Handshake.shown(cause, CAUSE_MAX));
        }

        void fail(String cause) {
            if (over) {
                return;
            }
            over = true;
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (line != null) {
                line.close();
            }
            lost(this, cause);
        }
    }
}
