package io.registry.server.peer;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.SharedParts;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.encoding.MessageReader;
import io.registry.server.core.encoding.UnknownFormException;
import io.registry.server.core.loop.Failures;
import io.registry.server.peer.codec.DistroCodec;
import io.registry.server.peer.codec.MalformedMessageException;
import io.registry.server.peer.line.IncomingLine;
import io.registry.server.peer.line.Line;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream that another node has opened: who it is, and what it says.
 *
 * <p>The next message is asked for when the loop has taken the last one, so that a peer that says more than this node
 * takes is held up by the network, and one message of it is in memory.
 *
 * <p><b>Threading</b>: on the thread of the port.
 */
final class IncomingStream implements Line.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(IncomingStream.class);

    private static final byte[] NOTHING = {};

    /** What a stream needs of the port that it came to. */
    interface Host {

        /** Takes the stream of a node that has proved itself; refuses it where it is not a member, or an old one. */
        PeerCounters admit(IncomingStream stream, Session session) throws RefusedException;

        /** Gives a message to the loop, and runs a task when it has been taken. */
        void deliver(DistroMessage<ServiceKey, ClientData> message, Runnable taken);

        /** Returns what carries out commands. */
        PeerCalls.Answers answers();

        /** Takes note that somebody was refused. */
        void refused(IncomingStream stream, String cause);

        /** Takes note that a stream has ended. */
        void ended(IncomingStream stream);
    }

    /** A stream that was admitted. */
    private record Admitted(Session session, DistroCodec codec, PeerCounters counters) {}

    private final IncomingLine line;
    private final PortContext port;
    private final SharedParts shared;
    private final Host host;
    private final Handshake handshake;
    private boolean challenged;
    private boolean over;
    private boolean waitsForRoom;
    private int callsUnderWay;
    private @Nullable Admitted admitted;

    IncomingStream(IncomingLine line, PortContext port, SharedParts shared, Host host) {
        this.line = line;
        this.port = port;
        this.shared = shared;
        this.host = host;
        this.handshake = new Handshake(port.config());
    }

    /** Returns where it comes from. */
    String remote() {
        return line.remote();
    }

    /** Returns the node that has proved itself, or null. */
    @Nullable
    NodeId peer() {
        return admitted == null ? null : admitted.session.peer();
    }

    @Override
    public void frame(byte[] message) {
        if (over) {
            return;
        }
        try {
            Admitted known = admitted;
            if (known != null) {
                sealed(known, message);
            } else if (challenged) {
                prove(message);
            } else {
                line.send(handshake.challenge(message));
                challenged = true;
                line.next();
            }
        } catch (RefusedException e) {
            String cause = String.valueOf(e.getMessage());
            end(IncomingLine.End.REFUSED, cause);
            host.refused(this, cause);
        }
    }

    private void prove(byte[] proof) throws RefusedException {
        Session session = handshake.accept(proof);
        PeerCounters counters = host.admit(this, session);
        admitted = new Admitted(session, new DistroCodec(session.peer(), session.incarnation(), shared), counters);
        line.admitted();
        line.send(handshake.proveCalled());
        line.next();
    }

    private void sealed(Admitted known, byte[] frame) throws RefusedException {
        int kind = known.session.open(frame);
        known.counters.received.increment();
        known.counters.receivedBytes.add(frame.length);
        if (kind == Session.MESSAGE) {
            message(known, frame);
            return;
        }
        if (kind == Session.CALL) {
            command(known, frame);
        }
        next();
    }

    private void message(Admitted known, byte[] frame) {
        DistroMessage<ServiceKey, ClientData> message;
        try {
            message = known.codec.decode(frame, Session.HEAD_BYTES, frame.length - Session.EXTRA_BYTES);
        } catch (MalformedMessageException e) {
            known.counters.malformed.increment();
            if (port.log().open()) {
                LOG.warn(
                        "message of a peer not understood and dropped, and so will be others like it: peer={} cause={}",
                        known.session.peer(),
                        e.getMessage());
            }
            next();
            return;
        }
        host.deliver(message, () -> port.thread().execute(this::next));
    }

    private void command(Admitted known, byte[] frame) throws RefusedException {
        StreamForms.Call asked;
        try {
            asked = MessageReader.readKnown(
                    ByteBuffer.wrap(frame, Session.HEAD_BYTES, frame.length - Session.EXTRA_BYTES), StreamForms.CALL);
        } catch (UnknownFormException e) {
            throw new RefusedException("call: " + e.getMessage());
        }
        int max = port.config().limits().callsMax();
        if (callsUnderWay >= max) {
            reply(known, asked.id(), NOTHING, "calls under way: " + max + " (expected: fewer; try again later)");
            return;
        }
        callsUnderWay++;
        CompletionStage<byte[]> answer;
        try {
            answer = host.answers().answer(known.session.peer(), asked.command());
        } catch (RuntimeException e) {
            LOG.error("a command of a peer failed: peer={}", known.session.peer(), e);
            replied(known, asked.id(), null, e);
            return;
        }
        var unused = answer.whenComplete(
                (bytes, failure) -> port.thread().execute(() -> replied(known, asked.id(), bytes, failure)));
    }

    private void replied(Admitted known, long id, byte @Nullable [] bytes, @Nullable Throwable failure) {
        callsUnderWay--;
        if (over) {
            return;
        }
        if (bytes != null
                && bytes.length + Session.EXTRA_BYTES * 2
                        <= port.config().limits().frameBytesMax()) {
            reply(known, id, bytes, "");
        } else {
            reply(known, id, NOTHING, failure == null ? "the answer is too long" : text(failure));
        }
    }

    private static String text(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause.getMessage() == null || cause.getMessage().isEmpty() ? cause.toString() : cause.getMessage();
    }

    private void reply(Admitted known, long id, byte[] answer, String refusal) {
        byte[] frame =
                known.session.frame(Session.ANSWER, StreamForms.ANSWER, new StreamForms.Answer(id, answer, refusal));
        line.send(frame);
        known.counters.sent.increment();
        known.counters.sentBytes.add(frame.length);
    }

    /** Asks for the next message, unless the peer does not read what it is answered. */
    private void next() {
        if (over) {
            return;
        }
        if (line.isReady()) {
            line.next();
        } else {
            waitsForRoom = true;
        }
    }

    @Override
    public void ready() {
        if (waitsForRoom) {
            waitsForRoom = false;
            next();
        }
    }

    @Override
    public void ended(String cause) {
        over = true;
        host.ended(this);
    }

    /** Ends the stream; the other side is told the cause. */
    void end(IncomingLine.End end, String cause) {
        if (!over) {
            over = true;
            line.end(end, cause);
            host.ended(this);
        }
    }
}
