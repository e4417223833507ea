package io.registry.server.peer;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.NodeId;
import io.registry.distro.port.DistroTransport;
import io.registry.distro.port.Jitter;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.SharedParts;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.HostPort;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCallException;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.peer.codec.DistroCodec;
import io.registry.server.peer.line.IncomingLine;
import io.registry.server.peer.line.Lines;
import io.registry.server.peer.line.PeerThread;
import io.registry.server.sockets.LogGate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this node and the other members speak: each opens one stream to each other one, on which it says what it has to
 * say and is answered what it asks. So neither waits for the other to connect, and which way a network lets nobody
 * through is seen for each way alone.
 *
 * <p>A message is in order with those before it and arrives at most once; it is lost where there is no stream, where the
 * stream breaks, and where too many wait. A digest passes what waits.
 *
 * <p><b>Threading</b>: {@link #start} and {@link #stop} by one thread; the rest from any, and nothing blocks.
 */
public final class PeerChannel implements DistroTransport<ServiceKey, ClientData>, PeerCalls {

    private static final Logger LOG = LoggerFactory.getLogger(PeerChannel.class);

    /** How long the last words may take: the peers are near, and will notice the end without them. */
    private static final Duration FAREWELL_WITHIN = Duration.ofMillis(500);

    private final PeerConfig config;
    private final Lines lines;
    private final Membership membership;
    private final Executor loop;
    private final Executor names;
    private final Jitter jitter;
    private final LongSupplier nanos;
    private final BiConsumer<NodeId, PeerCounters> appeared;
    private final LongAdder refusals = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final ConcurrentMap<NodeId, OutgoingStream> outgoing = new ConcurrentHashMap<>();
    private volatile @Nullable Running running;

    /**
     * Makes a channel; its port is not open yet.
     *
     * @param lines what carries the streams; the same on every member
     * @param membership with whom to speak
     * @param loop takes facts and runs them one after another
     * @param names looks up host names; may block
     * @param nanos a clock that never goes back
     * @param appeared told of each member, once, and where its figures are; on the thread of the port
     */
    public PeerChannel(
            PeerConfig config,
            Lines lines,
            Membership membership,
            Executor loop,
            Executor names,
            Jitter jitter,
            LongSupplier nanos,
            BiConsumer<NodeId, PeerCounters> appeared) {
        this.config = config;
        this.lines = lines;
        this.membership = membership;
        this.loop = loop;
        this.names = names;
        this.jitter = jitter;
        this.nanos = nanos;
        this.appeared = appeared;
    }

    /**
     * Opens the port and begins to connect to the members.
     *
     * @param receiver takes each message in a turn of the loop
     * @param answers carries out what others ask
     */
    public void start(Consumer<DistroMessage<ServiceKey, ClientData>> receiver, PeerCalls.Answers answers)
            throws IOException {
        Running started = new Running(receiver, answers);
        try {
            started.open();
        } catch (IOException | RuntimeException e) {
            started.thread().close();
            throw e;
        }
        running = started;
        membership.listen(members -> started.thread().execute(started::update));
        started.thread().execute(started::update);
    }

    /** Returns the port that is open; 0 where there is none of its own. */
    public int port() {
        Running now = running;
        return now == null ? 0 : now.context.lines().number();
    }

    /** Returns how many connections were refused: of strangers, and above the bound. */
    public LongAdder refusals() {
        return refusals;
    }

    /** Returns how many messages were for nodes that are no members. */
    public LongAdder unknown() {
        return unknown;
    }

    @Override
    public void send(NodeId peer, DistroMessage<ServiceKey, ClientData> message) {
        OutgoingStream stream = outgoing.get(peer);
        if (stream == null) {
            unknown.increment();
        } else {
            stream.send(message);
        }
    }

    @Override
    public CompletableFuture<byte[]> ask(NodeId peer, byte[] command, Duration deadline) {
        OutgoingStream stream = outgoing.get(peer);
        if (stream == null) {
            return CompletableFuture.failedFuture(new PeerCallException(
                    PeerCallException.Reason.UNREACHED, "node " + peer + ": not a member of the cluster"));
        }
        return stream.ask(command, deadline);
    }

    /** Says what waits to be said, as far as that takes no time, and closes every stream and the port. */
    public void stop() {
        Running now = running;
        if (now == null) {
            return;
        }
        running = null;
        CountDownLatch farewell = new CountDownLatch(1);
        now.thread().execute(() -> now.finish(farewell::countDown));
        try {
            if (!farewell.await(FAREWELL_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("not every peer has taken the last words");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        CountDownLatch closed = new CountDownLatch(1);
        now.thread().execute(() -> {
            List.copyOf(outgoing.values()).forEach(stream -> stream.close("this node is stopping"));
            outgoing.clear();
            now.sayGoodbye();
            closed.countDown();
        });
        try {
            closed.await(FAREWELL_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        now.context.lines().close();
        if (!now.thread().close()) {
            LOG.warn("the thread of the streams to members still runs after 3 s, left to the end of the process");
        }
    }

    /** What is there while the port is open. */
    private final class Running implements IncomingStream.Host {

        private final PortContext context;
        private final Consumer<DistroMessage<ServiceKey, ClientData>> receiver;
        private final PeerCalls.Answers answers;
        private final SharedParts shared = new SharedParts();
        private final LogGate strangers = new LogGate(nanos);
        private final Map<NodeId, PeerCounters> counters = new HashMap<>();
        private final Map<NodeId, IncomingStream> incoming = new HashMap<>();

        Running(Consumer<DistroMessage<ServiceKey, ClientData>> receiver, PeerCalls.Answers answers) {
            this.receiver = receiver;
            this.answers = answers;
            this.context = new PortContext(
                    config,
                    lines.port(refusals::increment),
                    new DistroCodec(config.self(), config.incarnation(), new SharedParts()),
                    new Incarnations(),
                    names,
                    jitter,
                    nanos,
                    new LogGate(nanos));
        }

        void open() throws IOException {
            context.lines().listen(line -> new IncomingStream(line, context, shared, this));
        }

        PeerThread thread() {
            return context.thread();
        }

        /** Speaks with those who are members now, and with nobody else. */
        void update() {
            if (running != this) {
                return;
            }
            Map<NodeId, ClusterMember> members = new LinkedHashMap<>();
            for (ClusterMember member : membership.members()) {
                if (!member.id().equals(config.self())) {
                    members.put(member.id(), member);
                }
            }
            for (NodeId known : List.copyOf(outgoing.keySet())) {
                if (!members.containsKey(known)) {
                    OutgoingStream stream = outgoing.remove(known);
                    if (stream != null) {
                        stream.close("it is not a member any more");
                    }
                }
            }
            for (Map.Entry<NodeId, IncomingStream> each : List.copyOf(incoming.entrySet())) {
                if (!members.containsKey(each.getKey())) {
                    hangUp(each.getValue(), "node " + each.getKey() + ": not a member of the cluster any more");
                }
            }
            context.incarnations().keepOnly(members.keySet());
            members.values().forEach(this::speakWith);
        }

        private void speakWith(ClusterMember member) {
            String text = lines.addressOf(member);
            if (text.isEmpty()) {
                LOG.warn("member without an address for replication, nothing is said to it: member={}", member);
                return;
            }
            HostPort address = HostPort.of(text);
            OutgoingStream known = outgoing.get(member.id());
            if (known == null) {
                OutgoingStream stream = new OutgoingStream(
                        member.id(), address.host(), address.port(), context, countersOf(member.id()));
                outgoing.put(member.id(), stream);
                stream.open();
            } else {
                known.moveTo(address.host(), address.port());
            }
        }

        private PeerCounters countersOf(NodeId peer) {
            PeerCounters known = counters.get(peer);
            if (known != null) {
                return known;
            }
            PeerCounters fresh = new PeerCounters();
            counters.put(peer, fresh);
            appeared.accept(peer, fresh);
            return fresh;
        }

        /** Ends every stream of this node's; runs a task when all have ended. */
        void finish(Runnable done) {
            List<OutgoingStream> streams = new ArrayList<>(outgoing.values());
            if (streams.isEmpty()) {
                done.run();
                return;
            }
            int[] left = {streams.size()};
            for (OutgoingStream stream : streams) {
                stream.finish(() -> {
                    left[0]--;
                    if (left[0] == 0) {
                        done.run();
                    }
                });
            }
        }

        /** Ends every stream of the others. */
        void sayGoodbye() {
            List.copyOf(incoming.values())
                    .forEach(stream -> stream.end(IncomingLine.End.STOPPING, "the node is stopping"));
        }

        @Override
        public PeerCounters admit(IncomingStream stream, Session session) throws RefusedException {
            OutgoingStream back = outgoing.get(session.peer());
            if (back == null) {
                throw new RefusedException(
                        "node: " + session.peer() + " (expected: one of the " + outgoing.size() + " other members)");
            }
            context.incarnations().see(session.peer(), session.incarnation());
            IncomingStream before = incoming.put(session.peer(), stream);
            if (before != null) {
                hangUp(before, "another stream of this node has come");
            }
            back.wake();
            return countersOf(session.peer());
        }

        private void hangUp(IncomingStream stream, String cause) {
            stream.end(IncomingLine.End.OVER, cause);
        }

        @Override
        public void deliver(DistroMessage<ServiceKey, ClientData> message, Runnable taken) {
            loop.execute(() -> {
                try {
                    receiver.accept(message);
                } finally {
                    taken.run();
                }
            });
        }

        @Override
        public PeerCalls.Answers answers() {
            return answers;
        }

        @Override
        public void refused(IncomingStream stream, String cause) {
            refusals.increment();
            if (strangers.open()) {
                LOG.warn(
                        "stream of another node refused, and so may be others that are not logged for a while:"
                                + " from={} cause={}",
                        stream.remote(),
                        Handshake.shown(cause, 400));
            }
        }

        @Override
        public void ended(IncomingStream stream) {
            NodeId peer = stream.peer();
            if (peer != null) {
                incoming.remove(peer, stream);
            }
        }
    }
}
