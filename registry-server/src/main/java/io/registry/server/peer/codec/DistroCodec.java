package io.registry.server.peer.codec;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.SharedParts;
import io.registry.server.core.encoding.MessageReader;
import io.registry.server.core.encoding.MessageWriter;
import io.registry.server.core.encoding.UnknownFormException;
import java.nio.ByteBuffer;

/**
 * The bytes of the messages of one sender. Who that is stands in no message: it is known from the stream, so no node can
 * speak for another.
 *
 * <p><b>Threading</b>: any.
 */
public final class DistroCodec {

    private final MessageForms forms;

    /**
     * Makes the codec of a sender's messages.
     *
     * @param shared finds what many instances have in common
     */
    public DistroCodec(NodeId sender, long incarnation, SharedParts shared) {
        this.forms = new MessageForms(sender, incarnation, new RecordForms(sender, shared));
    }

    /**
     * Returns the bytes of a message, with room around them.
     *
     * @param before how many bytes are left free in front
     * @param after how many bytes are left free behind
     */
    public byte[] encode(int before, DistroMessage<ServiceKey, ClientData> message, int after) {
        return MessageWriter.framed(before, forms.message, message, after);
    }

    /**
     * Returns the message that bytes hold. What it takes in memory is in proportion to their number.
     *
     * @param from where it begins
     * @param length how many bytes it has
     */
    public DistroMessage<ServiceKey, ClientData> decode(byte[] bytes, int from, int length)
            throws MalformedMessageException {
        try {
            return MessageReader.readKnown(ByteBuffer.wrap(bytes, from, length), forms.message);
        } catch (UnknownFormException | IllegalArgumentException e) {
            // Of the latter kind are the values' own checks.
            throw new MalformedMessageException(e);
        }
    }
}
