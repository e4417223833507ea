package io.registry.server.peer;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the frames of what waits for one peer: heartbeats, then calls, which somebody waits for, then the rest.
 *
 * <p><b>Threading</b>: on the thread of the port.
 */
final class OutgoingFrames {

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingFrames.class);

    private final NodeId peer;
    private final PortContext port;
    private final PeerCounters counters;
    private final SendQueue queue;
    private final OutgoingCalls calls;

    OutgoingFrames(NodeId peer, PortContext port, PeerCounters counters, SendQueue queue, OutgoingCalls calls) {
        this.peer = peer;
        this.port = port;
        this.counters = counters;
        this.queue = queue;
        this.calls = calls;
    }

    /** Returns the next frame; null where there is none. What cannot be sent is passed over. */
    byte @Nullable [] next(Session session) {
        while (true) {
            DistroMessage<ServiceKey, ClientData> message = queue.pollDigest();
            if (message == null) {
                StreamForms.Call asked = calls.next();
                if (asked != null) {
                    return session.frame(Session.CALL, StreamForms.CALL, asked);
                }
                message = queue.pollOther();
            }
            if (message == null) {
                return null;
            }
            byte[] frame = encode(message);
            if (frame != null) {
                return session.seal(Session.MESSAGE, frame);
            }
        }
    }

    private byte @Nullable [] encode(DistroMessage<ServiceKey, ClientData> message) {
        byte[] frame;
        try {
            frame = port.codec().encode(Session.HEAD_BYTES, message, Session.EXTRA_BYTES - Session.HEAD_BYTES);
        } catch (RuntimeException e) {
            // A fault of ours; the stream is not to be blamed for it.
            counters.malformed.increment();
            if (port.log().open()) {
                LOG.error("message not sent, as it cannot be encoded: peer={}", peer, e);
            }
            return null;
        }
        int max = port.config().limits().frameBytesMax();
        if (frame.length <= max) {
            return frame;
        }
        counters.tooLong.increment();
        if (port.log().open()) {
            LOG.error(
                    "message not sent, as it is too long for a peer: peer={} bytes={} (expected: at most {})",
                    peer,
                    frame.length,
                    max);
        }
        return null;
    }
}
