package io.registry.proto.codec;

import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.Ack;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerCheckRequest;

/**
 * Reads bodies.
 *
 * <p>Properties that a type does not have are ignored, at every level. A missing property has its default; null is a
 * missing one, but 0 or false for a number or boolean. As the protocol's own servers do, a number or boolean is taken
 * for a string and a string for the number or boolean it spells; an object or array in the place of anything else is
 * malformed, and so is what follows the one JSON object of a body. Bounds: {@link BodyParser}.
 *
 * <p><b>Threading</b>: any thread.
 */
public final class PayloadDecoder {

    private PayloadDecoder() {}

    /**
     * Reads the request in an envelope. The body of a server check is not looked at.
     *
     * @throws MalformedBodyException where the body is not one of its type
     * @throws UnknownTypeException where the envelope's type is no request's
     */
    public static RequestPayload decode(Envelope envelope) throws MalformedBodyException {
        PayloadTypes.BodyReader reader = PayloadTypes.readerOf(envelope.type());
        if (reader == null) {
            throw new UnknownTypeException(envelope.type());
        }
        if (envelope.type().equals(ServerCheckRequest.TYPE)) {
            return new ServerCheckRequest();
        }
        return BodyParser.parse(envelope, reader::read);
    }

    /**
     * Reads an acknowledgement or answer, of whatever type.
     *
     * @throws MalformedBodyException where the body is not one of an answer
     */
    public static Ack decodeAck(Envelope envelope) throws MalformedBodyException {
        return BodyParser.parse(envelope, body -> ConnectionBodies.ack(body, envelope.type()));
    }
}
