package io.registry.server.core.encoding;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.cluster.ServiceDigest;
import java.nio.ByteBuffer;

/**
 * The bytes of what members ask each other to do, and of the replies, as {@code forward.proto} describes them.
 *
 * <p><b>Threading</b>: any.
 */
public final class PeerCommandCodec {

    private static final int REGISTER = 0;
    private static final int DEREGISTER = 1;
    private static final int BEAT = 2;
    private static final int DIGEST = 3;

    private static final Form<PeerCommand> COMMAND =
            new Form<>("Command", PeerCommandCodec::write, PeerCommandCodec::read);

    private static final Form<ServiceDigest> SERVICE_DIGEST = new Form<>(
            "ServiceDigest",
            (out, digest) -> {
                out.text(1, digest.hex());
                out.number(2, digest.instances());
                out.number(3, digest.publishers());
            },
            in -> new ServiceDigest(in.text(1), in.whole(2), in.whole(3)));

    private static final Form<PeerReply> REPLY = new Form<>(
            "Reply",
            (out, reply) -> {
                out.text(1, reply.refusal());
                out.text(2, reply.message());
                out.number(3, reply.told());
                out.number(4, reply.heard());
                out.number(5, reply.code());
                out.number(6, reply.intervalMillis());
                out.truth(7, reply.light());
                out.optionalMessage(8, SERVICE_DIGEST, reply.digest());
            },
            in -> new PeerReply(
                    in.text(1),
                    in.text(2),
                    in.number(3),
                    in.number(4),
                    in.whole(5),
                    in.number(6),
                    in.truth(7),
                    in.optionalMessage(8, SERVICE_DIGEST)));

    private PeerCommandCodec() {}

    /** Returns the bytes of a command. */
    public static byte[] encode(PeerCommand command) {
        return MessageWriter.write(COMMAND, command);
    }

    /**
     * Returns the command that bytes hold.
     *
     * @throws UnknownFormException where they hold none that this server knows
     */
    public static PeerCommand command(byte[] bytes) {
        return MessageReader.readKnown(ByteBuffer.wrap(bytes), COMMAND);
    }

    /** Returns the bytes of a reply. */
    public static byte[] encode(PeerReply reply) {
        return MessageWriter.write(REPLY, reply);
    }

    /**
     * Returns the reply that bytes hold.
     *
     * @throws UnknownFormException where they hold none
     */
    public static PeerReply reply(byte[] bytes) {
        return MessageReader.readKnown(ByteBuffer.wrap(bytes), REPLY);
    }

    private static void write(MessageWriter out, PeerCommand command) {
        command.to(new Writing(out));
    }

    /** Writes the fields of each kind, and returns the writer. */
    private record Writing(MessageWriter out) implements PeerCommand.Handler<MessageWriter> {

        @Override
        public MessageWriter instance(PeerCommand.OfInstance command) {
            Instance instance = null;
            int kind = DEREGISTER;
            if (command instanceof PeerCommand.Register register) {
                instance = register.instance();
                kind = REGISTER;
            } else if (command instanceof PeerCommand.Beat beat) {
                instance = beat.full();
                kind = BEAT;
            }
            out.number(1, kind);
            out.message(2, ValueForms.SERVICE_KEY, command.service());
            out.text(3, command.ip());
            out.number(4, command.port());
            out.optionalMessage(5, ValueForms.INSTANCE, instance);
            return out;
        }

        @Override
        public MessageWriter digest(PeerCommand.Digest command) {
            out.number(1, DIGEST);
            out.message(2, ValueForms.SERVICE_KEY, command.service());
            return out;
        }
    }

    private static PeerCommand read(MessageReader in) {
        int kind = in.whole(1);
        ServiceKey service = in.message(2, ValueForms.SERVICE_KEY);
        String ip = in.text(3);
        int port = in.whole(4);
        return switch (kind) {
            case REGISTER -> new PeerCommand.Register(service, in.message(5, ValueForms.INSTANCE));
            case DEREGISTER -> new PeerCommand.Deregister(service, ip, port);
            case BEAT -> new PeerCommand.Beat(service, ip, port, in.optionalMessage(5, ValueForms.INSTANCE));
            case DIGEST -> new PeerCommand.Digest(service);
            default ->
                throw new UnknownFormException("kind of command: " + kind + " (expected: one that this server knows)");
        };
    }
}
