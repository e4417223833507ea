package io.registry.server.peer.http;

import io.registry.server.peer.PeerConfig;
import io.registry.server.peer.line.IncomingLine;
import io.registry.server.peer.line.Line;
import io.registry.server.peer.line.LinePort;
import io.registry.server.peer.line.OutgoingLine;
import io.registry.server.peer.line.PeerThread;
import io.registry.server.secret.PeerSecret;
import io.registry.server.sockets.EventLoops;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines that come to the HTTP port, by their names, and those that go to others'. A stranger costs one of a bounded
 * number of lines, for as long as a handshake may take, and a few kilobytes.
 *
 * <p><b>Threading</b>: {@link #entry}, {@link #take} and {@link #refused} by container threads, the rest on the thread of
 * the port. The maps and counters are what both look at.
 */
final class HttpPort implements LinePort {

    /** What a caller is told when nobody is there to take a line. */
    static final String CLOSED = "the node takes no streams: it is starting or stopping";

    /** What a stranger may send, in one body and in all: a handshake needs a few hundred bytes. */
    static final int STRANGER_BYTES_MAX = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);

    /** A request of a member may wait, behind a body that may be long. */
    private static final Duration MEMBER_WITHIN = DatumWire.SAY_WITHIN;

    private final PeerConfig config;
    private final DatumServlet servlet;
    private final String path;
    private final Runnable refused;
    private final EventLoops loops = new EventLoops();
    private final PeerThread thread = new PeerThread(loops.start(1, "registry-peer"));
    private final ConcurrentMap<String, HttpIncomingLine> lines = new ConcurrentHashMap<>();
    private final AtomicInteger strangers = new AtomicInteger();
    private final BodyLimit ofStrangers = new BodyLimit(STRANGER_BYTES_MAX, null);
    private final BodyLimit ofMembers;
    private volatile @Nullable Acceptor acceptor;

    /**
     * How a request is let in.
     *
     * @param limit how long its body may be
     * @param within how long it may take
     * @param status with which it is refused
     * @param refusal why it is not let in; null where it is
     */
    record Entry(
            BodyLimit limit,
            Duration within,
            int status,
            @Nullable String refusal) {}

    HttpPort(PeerConfig config, DatumServlet servlet, String path, Runnable refused) {
        this.config = config;
        this.servlet = servlet;
        this.path = path;
        this.refused = refused;
        int bodyMax = FrameQueue.bodyBytesMax(config.limits().frameBytesMax());
        this.ofMembers = new BodyLimit(bodyMax, new AtomicLong(2L * bodyMax));
    }

    @Override
    public PeerThread thread() {
        return thread;
    }

    @Override
    public void listen(Acceptor accepting) {
        acceptor = accepting;
        servlet.attach(this);
        LOG.info("members are spoken with over the HTTP port: path={}", path);
    }

    @Override
    public int number() {
        return 0;
    }

    @Override
    public OutgoingLine call(InetSocketAddress address, Line.Listener listener) {
        HttpTarget target = new HttpTarget(
                address,
                path,
                thread,
                loops.outgoing(),
                FrameQueue.bodyBytesMax(config.limits().frameBytesMax()));
        return new HttpOutgoingLine(target, listener);
    }

    @Override
    public void close() {
        servlet.hangUp();
    }

    /** Takes no line any more, and ends those of others. */
    void hangUp() {
        acceptor = null;
        thread.execute(() -> List.copyOf(lines.values())
                .forEach(line -> line.breakOff(IncomingLine.End.STOPPING, "the node is stopping")));
    }

    /** Returns whether and how a request is let in. */
    Entry entry(DatumRequest asked) {
        String name = asked.stream();
        HttpIncomingLine line = name == null ? null : lines.get(name);
        Duration ofStranger = config.limits().handshake().plusSeconds(1);
        if (line != null && line.isAdmitted()) {
            return new Entry(ofMembers, MEMBER_WITHIN, 0, null);
        }
        if (name != null && line == null) {
            return new Entry(ofStrangers, ofStranger, HttpServletResponse.SC_NOT_FOUND, unknown());
        }
        if (name == null && strangers.get() >= config.limits().sockets()) {
            refused();
            return new Entry(ofStrangers, ofStranger, HttpServletResponse.SC_SERVICE_UNAVAILABLE, full());
        }
        return new Entry(ofStrangers, ofStranger, 0, null);
    }

    /** Takes note that somebody was turned away. */
    void refused() {
        refused.run();
    }

    /** Takes a request whose body has come. */
    void take(Exchange exchange) {
        if (!thread.tryExecute(() -> takeHere(exchange))) {
            exchange.refuse(HttpServletResponse.SC_SERVICE_UNAVAILABLE, CLOSED);
        }
    }

    private void takeHere(Exchange exchange) {
        String name = exchange.asked().stream();
        if (name == null) {
            open(exchange);
            return;
        }
        HttpIncomingLine line = lines.get(name);
        if (line == null) {
            exchange.refuse(HttpServletResponse.SC_NOT_FOUND, unknown());
        } else {
            line.take(exchange);
        }
    }

    private void open(Exchange exchange) {
        Acceptor accepting = acceptor;
        if (accepting == null) {
            exchange.refuse(HttpServletResponse.SC_SERVICE_UNAVAILABLE, CLOSED);
            return;
        }
        if (strangers.get() >= config.limits().sockets()) {
            refused();
            exchange.refuse(HttpServletResponse.SC_SERVICE_UNAVAILABLE, full());
            return;
        }
        strangers.incrementAndGet();
        String name = HexFormat.of().formatHex(PeerSecret.nonce());
        HttpIncomingLine line = new HttpIncomingLine(
                name, exchange.remote(), this, config.limits().handshake());
        lines.put(name, line);
        line.start(accepting.accept(line), exchange);
    }

    /** Counts a line no longer as that of a stranger. */
    void known() {
        strangers.decrementAndGet();
    }

    /** Forgets a line that has ended. */
    void forget(String name) {
        lines.remove(name);
    }

    private static String unknown() {
        return DatumWire.STREAM + ": unknown (expected: one that was opened and has not ended)";
    }

    private String full() {
        return "streams under way to prove themselves: " + config.limits().sockets()
                + " (expected: fewer; try again later)";
    }
}
