package io.registry.server.core.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.server.core.cluster.MemberLoad;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.cluster.ServiceDigest;
import io.registry.server.core.cluster.ServiceRecords;
import io.registry.server.core.cluster.SubscribersSeen;
import io.registry.server.core.event.Origin;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.ratis.thirdparty.com.google.protobuf.Descriptors;
import org.apache.ratis.thirdparty.com.google.protobuf.DynamicMessage;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerCommandCodecTest {

    private static final Descriptors.FileDescriptor SCHEMA = SchemaText.read("forward.proto");
    private static final ServiceKey ORDERS = new ServiceKey("public", "DEFAULT_GROUP", "orders");
    private static final Origin CALLER = Origin.of(Origin.Protocol.HTTP, "10.0.0.9");
    private static final Instance INSTANCE =
            Instance.builder("10.0.0.1", 80).metadata("colour", "blue").build();

    private static final BucketSums SUMS =
            BucketSums.of(LongStream.range(-100, Buckets.COUNT - 100).toArray());
    private static final ServiceRecords.Entry ENTRY = new ServiceRecords.Entry(
            new ClientId("c1"), new NodeId("n1"), 3, new Stamp(5, 6, 1, new NodeId("n2"), 4), -7, 2, false);
    private static final ServiceRecords.Entry ORPHAN = new ServiceRecords.Entry(
            new ClientId("c2"), new NodeId("n3"), 1, new Stamp(0, 0, 0, new NodeId("n3"), 1), 0, 1, true);

    static Stream<PeerCommand> commands() {
        return Stream.of(
                new PeerCommand.Register(CALLER, ORDERS, INSTANCE),
                new PeerCommand.Register(
                        new Origin(Origin.Protocol.GRPC, "10.0.0.9", "ops", new NodeId("n2")), ORDERS, INSTANCE),
                new PeerCommand.Deregister(CALLER, ORDERS, "10.0.0.1", 80),
                new PeerCommand.Beat(CALLER, ORDERS, "10.0.0.1", 80, null),
                new PeerCommand.Beat(CALLER, ORDERS, "10.0.0.1", 80, INSTANCE),
                new PeerCommand.Digest(ORDERS),
                new PeerCommand.AwaitSubscribers(ORDERS, new ClientId("1_10.0.0.1_5"), 7, Duration.ofSeconds(5)),
                new PeerCommand.AwaitSubscribers(ORDERS, new ClientId("1_10.0.0.1_5"), 0, Duration.ZERO),
                new PeerCommand.Load(),
                new PeerCommand.Shed(0),
                new PeerCommand.Shed(70_000),
                new PeerCommand.Records(ORDERS, Buckets.NONE),
                new PeerCommand.Records(ORDERS, Buckets.NONE.with(0).with(255)),
                new PeerCommand.AskAgain(Buckets.ALL));
    }

    static Stream<PeerReply> replies() {
        return Stream.of(
                new PeerReply("", "", 3, 4, 10200, 5000, true, null, null, null, null, 0),
                PeerReply.refused("NOT_FOUND", "no"),
                PeerReply.of(new ServiceDigest("00ff", 3, 2)),
                PeerReply.of(new SubscribersSeen(4, 2, List.of("10.0.0.3:80 billing", "10.0.0.4:80 billing"))),
                PeerReply.of(new MemberLoad(true, 90_000, 1.5, 0.25)),
                PeerReply.of(new MemberLoad(false, 0, -1, -1)),
                PeerReply.of(new ServiceRecords(BucketSums.ZERO, 0, 0, false, List.of())),
                PeerReply.of(new ServiceRecords(SUMS, 3, 1, true, List.of(ENTRY, ORPHAN))),
                PeerReply.asked(2));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsReadAsItWasWrittenAndAsTheSchemaSays(PeerCommand command) throws InvalidProtocolBufferException {
        byte[] bytes = PeerCommandCodec.encode(command);

        assertThat(PeerCommandCodec.command(bytes)).isEqualTo(command);
        assertOfSchema("Command", bytes);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyIsReadAsItWasWrittenAndAsTheSchemaSays(PeerReply reply) throws InvalidProtocolBufferException {
        byte[] bytes = PeerCommandCodec.encode(reply);

        assertThat(PeerCommandCodec.reply(bytes)).isEqualTo(reply);
        assertOfSchema("Reply", bytes);
    }

    @Test
    void aKindThatThisServerDoesNotKnowIsRefusedWithItsNumber() {
        byte[] bytes = PeerCommandCodec.encode(new PeerCommand.Digest(ORDERS));
        bytes[1] = 77;

        assertThatThrownBy(() -> PeerCommandCodec.command(bytes))
                .isInstanceOf(UnknownFormException.class)
                .hasMessageContaining("kind of command: 77");
    }

    /** Protobuf's own library, given the schema, reads every field and would have written the same. */
    private static void assertOfSchema(String type, byte[] bytes) throws InvalidProtocolBufferException {
        DynamicMessage message = DynamicMessage.parseFrom(SCHEMA.findMessageTypeByName(type), bytes);

        SchemaText.assertNothingUnknown(message);
        assertThat(message.toByteArray()).isEqualTo(bytes);
    }
}
