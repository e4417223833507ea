package io.registry.server.core.encoding;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.MemberLoad;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.cluster.ServiceDigest;
import io.registry.server.core.cluster.SubscribersSeen;
import io.registry.server.core.event.Origin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of what members ask each other to do, and of the replies, as {@code forward.proto} describes them.
 *
 * <p><b>Threading</b>: any.
 */
public final class PeerCommandCodec {

    private static final int KIND_REGISTER = 0;
    private static final int KIND_DEREGISTER = 1;
    private static final int KIND_BEAT = 2;
    private static final int KIND_DIGEST = 3;
    private static final int KIND_AWAIT_SUBSCRIBERS = 4;
    private static final int KIND_LOAD = 5;
    private static final int KIND_SHED = 6;
    private static final int KIND_RECORDS = 7;
    private static final int KIND_ASK_AGAIN = 8;

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

    private static final Form<PeerCommand.AwaitSubscribers> AWAIT_SUBSCRIBERS = new Form<>(
            "AwaitSubscribers",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.text(2, command.writer().value());
                out.number(3, command.told());
                out.number(4, command.timeout().toMillis());
            },
            in -> new PeerCommand.AwaitSubscribers(
                    in.message(1, ValueForms.SERVICE_KEY),
                    writer(in.text(2)),
                    in.number(3),
                    Duration.ofMillis(in.number(4))));

    private static final Form<Origin> ORIGIN = new Form<>(
            "Origin",
            (out, origin) -> {
                out.number(1, origin.protocol().number());
                out.text(2, origin.address());
                out.text(3, origin.user() == null ? "" : origin.user());
                out.text(4, origin.via() == null ? "" : origin.via().value());
            },
            PeerCommandCodec::origin);

    private static final Form<SubscribersSeen> SUBSCRIBERS_SEEN = new Form<>(
            "SubscribersSeen",
            (out, seen) -> {
                out.number(1, seen.subscribers());
                out.number(2, seen.missingCount());
                out.allBytes(
                        3, seen.missing().stream().map(PeerCommandCodec::utf8).toList());
            },
            in -> new SubscribersSeen(
                    in.whole(1),
                    in.whole(2),
                    in.allBytes(3).stream()
                            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                            .toList()));

    private static final Form<MemberLoad> MEMBER_LOAD = new Form<>(
            "MemberLoad",
            (out, load) -> {
                out.truth(1, load.serving());
                out.number(2, load.clients());
                out.real(3, load.systemLoad());
                out.real(4, load.cpu());
            },
            in -> new MemberLoad(in.truth(1), in.whole(2), in.real(3), in.real(4)));

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
                out.optionalMessage(9, SUBSCRIBERS_SEEN, reply.seen());
                out.optionalMessage(10, MEMBER_LOAD, reply.load());
                out.optionalMessage(11, RecordForm.SERVICE_RECORDS, reply.records());
                out.number(12, reply.asked());
            },
            in -> new PeerReply(
                    in.text(1),
                    in.text(2),
                    in.number(3),
                    in.number(4),
                    in.whole(5),
                    in.number(6),
                    in.truth(7),
                    in.optionalMessage(8, SERVICE_DIGEST),
                    in.optionalMessage(9, SUBSCRIBERS_SEEN),
                    in.optionalMessage(10, MEMBER_LOAD),
                    in.optionalMessage(11, RecordForm.SERVICE_RECORDS),
                    in.whole(12)));

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

    /**
     * Returns the reply that bytes hold, of a node that has carried out what it was asked.
     *
     * @throws RegistryException {@code UNREACHABLE}, with the node's words, where it has refused, or where the bytes hold
     *     no reply
     */
    public static PeerReply carriedOut(byte[] bytes) {
        PeerReply reply;
        try {
            reply = reply(bytes);
        } catch (UnknownFormException e) {
            throw new RegistryException(ErrorCode.UNREACHABLE, "reply: " + e.getMessage());
        }
        if (!reply.refusal().isEmpty()) {
            throw new RegistryException(ErrorCode.UNREACHABLE, reply.message());
        }
        return reply;
    }

    private static void write(MessageWriter out, PeerCommand command) {
        command.to(new Writing(out));
    }

    /** Writes the fields of each kind, and returns the writer. */
    private record Writing(MessageWriter out) implements PeerCommand.Handler<MessageWriter> {

        @Override
        public MessageWriter instance(PeerCommand.OfInstance command) {
            Instance instance = null;
            int kind = KIND_DEREGISTER;
            if (command instanceof PeerCommand.Register register) {
                instance = register.instance();
                kind = KIND_REGISTER;
            } else if (command instanceof PeerCommand.Beat beat) {
                instance = beat.full();
                kind = KIND_BEAT;
            }
            out.number(1, kind);
            out.message(2, ValueForms.SERVICE_KEY, command.service());
            out.text(3, command.ip());
            out.number(4, command.port());
            out.optionalMessage(5, ValueForms.INSTANCE, instance);
            out.message(10, ORIGIN, command.origin());
            return out;
        }

        @Override
        public MessageWriter digest(PeerCommand.Digest command) {
            out.number(1, KIND_DIGEST);
            out.message(2, ValueForms.SERVICE_KEY, command.service());
            return out;
        }

        @Override
        public MessageWriter awaitSubscribers(PeerCommand.AwaitSubscribers command) {
            out.number(1, KIND_AWAIT_SUBSCRIBERS);
            out.message(6, AWAIT_SUBSCRIBERS, command);
            return out;
        }

        @Override
        public MessageWriter load(PeerCommand.Load command) {
            out.number(1, KIND_LOAD);
            return out;
        }

        @Override
        public MessageWriter shed(PeerCommand.Shed command) {
            out.number(1, KIND_SHED);
            out.number(7, command.keep());
            return out;
        }

        @Override
        public MessageWriter records(PeerCommand.Records command) {
            out.number(1, KIND_RECORDS);
            out.message(2, ValueForms.SERVICE_KEY, command.service());
            out.allFixed(9, command.wanted().words());
            return out;
        }

        @Override
        public MessageWriter askAgain(PeerCommand.AskAgain command) {
            out.number(1, KIND_ASK_AGAIN);
            out.allFixed(9, command.buckets().words());
            return out;
        }
    }

    private static PeerCommand read(MessageReader in) {
        int kind = in.whole(1);
        ServiceKey service = in.optionalMessage(2, ValueForms.SERVICE_KEY);
        String ip = in.text(3);
        int port = in.whole(4);
        Instance instance = in.optionalMessage(5, ValueForms.INSTANCE);
        PeerCommand.AwaitSubscribers await = in.optionalMessage(6, AWAIT_SUBSCRIBERS);
        int keep = in.whole(7);
        long[] buckets = in.allFixed(9);
        Origin given = in.optionalMessage(10, ORIGIN);
        // A node of an earlier version does not say.
        Origin origin = given == null ? Origin.of(Origin.Protocol.HTTP, "") : given;
        return switch (kind) {
            case KIND_REGISTER -> new PeerCommand.Register(origin, there(2, service), there(5, instance));
            case KIND_DEREGISTER -> new PeerCommand.Deregister(origin, there(2, service), ip, port);
            case KIND_BEAT -> new PeerCommand.Beat(origin, there(2, service), ip, port, instance);
            case KIND_DIGEST -> new PeerCommand.Digest(there(2, service));
            case KIND_AWAIT_SUBSCRIBERS -> there(6, await);
            case KIND_LOAD -> new PeerCommand.Load();
            case KIND_SHED -> new PeerCommand.Shed(keep);
            case KIND_RECORDS -> new PeerCommand.Records(there(2, service), RecordForm.buckets(buckets));
            case KIND_ASK_AGAIN -> new PeerCommand.AskAgain(RecordForm.buckets(buckets));
            default ->
                throw new UnknownFormException("kind of command: " + kind + " (expected: one that this server knows)");
        };
    }

    private static Origin origin(MessageReader in) {
        Origin.Protocol protocol = Origin.Protocol.of(in.whole(1));
        String address = in.text(2);
        String user = in.text(3);
        String via = in.text(4);
        return new Origin(protocol, address, user.isEmpty() ? null : user, via.isEmpty() ? null : new NodeId(via));
    }

    private static ClientId writer(String id) {
        if (id.isEmpty()) {
            throw new UnknownFormException("writer: empty (expected: the id of a client)");
        }
        return new ClientId(id);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T there(int field, @Nullable T value) {
        if (value == null) {
            throw new UnknownFormException("field " + field + ": missing (expected: for this kind of command)");
        }
        return value;
    }
}
