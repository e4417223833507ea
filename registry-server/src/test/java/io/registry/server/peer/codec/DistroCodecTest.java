package io.registry.server.peer.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.SharedParts;
import io.registry.server.core.encoding.SchemaText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.Descriptors;
import org.apache.ratis.thirdparty.com.google.protobuf.Descriptors.FieldDescriptor;
import org.apache.ratis.thirdparty.com.google.protobuf.DynamicMessage;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.thirdparty.com.google.protobuf.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.UnknownFieldSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What replication says, as bytes and back. */
class DistroCodecTest {

    private static final NodeId SENDER = new NodeId("node-1");
    private static final long INCARNATION = 7;
    private static final ServiceKey ORDERS = new ServiceKey("public", "DEFAULT_GROUP", "orders");
    private static final Descriptors.Descriptor MESSAGE =
            SchemaText.read("distro.proto").findMessageTypeByName("Message");

    private final DistroCodec codec = new DistroCodec(SENDER, INCARNATION, new SharedParts());

    static IntStream kinds() {
        return IntStream.range(0, RandomMessages.KINDS);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyMessageIsReadAsItWasWritten(int kind) throws MalformedMessageException {
        RandomMessages messages = new RandomMessages(1, SENDER, INCARNATION);
        for (int i = 0; i < 200; i++) {
            DistroMessage<ServiceKey, ClientData> message = messages.next(kind);

            DistroMessage<ServiceKey, ClientData> read = decode(encode(message));

            assertThat(read).isEqualTo(message);
            assertThat(read.toString()).as("instances and orders too").isEqualTo(message.toString());
        }
    }

    /** Protobuf's own library, given the schema, finds nothing unknown in our bytes and would have written the same. */
    @ParameterizedTest
    @MethodSource("kinds")
    void theBytesAreThoseOfTheSchema(int kind) throws InvalidProtocolBufferException {
        RandomMessages messages = new RandomMessages(2, SENDER, INCARNATION);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = encode(messages.next(kind));

            DynamicMessage message = DynamicMessage.parseFrom(MESSAGE, bytes);

            SchemaText.assertNothingUnknown(message);
            assertThat(message.toByteArray()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatANewerServerAddsIsPassedOver(int kind) throws Exception {
        RandomMessages messages = new RandomMessages(3, SENDER, INCARNATION);
        for (int i = 0; i < 50; i++) {
            DistroMessage<ServiceKey, ClientData> message = messages.next(kind);
            byte[] more =
                    withMore(DynamicMessage.parseFrom(MESSAGE, encode(message))).toByteArray();

            assertThat(decode(more)).isEqualTo(message);
        }
    }

    /** An owner of another version may show more of an instance: what it shows is kept, and so is its sum. */
    @Test
    void whatAnInstanceIsShownWithIsKeptAsItsOwnerEncodedIt() throws MalformedMessageException {
        Instance instance =
                Instance.builder("10.0.0.1", 80).metadata("zone", "a").build();
        String text = new String(InstanceBytes.of(instance, ORDERS).json(), StandardCharsets.UTF_8);
        byte[] more =
                text.replace("\"healthy\"", "\"color\":\"blue\",\"healthy\"").getBytes(StandardCharsets.UTF_8);
        ClientData data = ClientData.EMPTY.with(ORDERS, InstanceBytes.encoded(instance, more));

        ClientData read = data(decode(encode(sync(data))));

        assertThat(read.contentSum()).isEqualTo(data.contentSum());
        InstanceBytes kept =
                Objects.requireNonNull(read.about(ORDERS)).instances().get(0);
        assertThat(kept.json()).isEqualTo(more);
        assertThat(kept.instance()).isEqualTo(instance);
    }

    @Test
    void aPartOfAnInstanceIsRefused() {
        ClientData data = ClientData.EMPTY.with(
                ORDERS,
                InstanceBytes.encoded(
                        Instance.of("10.0.0.1", 80), "{\"ip\":\"10.0.0.1\"".getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(() -> decode(encode(sync(data))))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("instance of public@@DEFAULT_GROUP@@orders");
    }

    @Test
    void aKindThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> decode(new byte[] {6 << 3 | 2, 0}))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("kind of message: 6 (expected: 1..5)");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void bytesThatAreCutOffAreRefusedOrAreAMessage(int kind) {
        RandomMessages messages = new RandomMessages(4, SENDER, INCARNATION);
        for (int i = 0; i < 10; i++) {
            byte[] bytes = encode(messages.next(kind));
            for (int length = 0; length < bytes.length; length++) {
                assertReadOrRefused(Arrays.copyOf(bytes, length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void bytesThatAreDamagedAreRefusedOrAreAMessage(int kind) {
        RandomMessages messages = new RandomMessages(5, SENDER, INCARNATION);
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = encode(messages.next(kind));
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertReadOrRefused(bytes);
        }
    }

    /** A length of two gigabytes is refused before anything is set aside for it. */
    @Test
    void aLengthThatIsNotThereIsRefused() {
        byte[] claim = {4 << 3 | 2, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};

        assertThatThrownBy(() -> decode(claim))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("message: cut off");
    }

    private void assertReadOrRefused(byte[] bytes) {
        assertThatCode(() -> {
                    try {
                        decode(bytes);
                    } catch (MalformedMessageException e) {
                        assertThat(e).hasMessageMatching("(?s).+");
                    }
                })
                .doesNotThrowAnyException();
    }

    private byte[] encode(DistroMessage<ServiceKey, ClientData> message) {
        return codec.encode(0, message, 0);
    }

    private DistroMessage<ServiceKey, ClientData> decode(byte[] bytes) throws MalformedMessageException {
        return codec.decode(bytes, 0, bytes.length);
    }

    private static DistroMessage<ServiceKey, ClientData> sync(ClientData data) {
        Stamp stamp = new Stamp(1, 1, 0, SENDER, INCARNATION);
        return new DistroMessage.Sync<>(
                SENDER,
                INCARNATION,
                1,
                List.of(new RecordUpdate.Whole<>(new DistroRecord<>(
                        new ClientId("client"),
                        ClientKind.CONNECTION,
                        SENDER,
                        INCARNATION,
                        stamp,
                        data,
                        Cause.PUBLISHED))));
    }

    private static ClientData data(DistroMessage<ServiceKey, ClientData> message) {
        RecordUpdate<ServiceKey, ClientData> update =
                ((DistroMessage.Sync<ServiceKey, ClientData>) message).updates().get(0);
        return Objects.requireNonNull(
                ((RecordUpdate.Whole<ServiceKey, ClientData>) update).record().data());
    }

    private static Message withMore(Message message) {
        Message.Builder more = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor each = field.getKey();
            if (each.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (each.isRepeated()) {
                for (int i = 0; i < message.getRepeatedFieldCount(each); i++) {
                    more.setRepeatedField(each, i, withMore((Message) message.getRepeatedField(each, i)));
                }
            } else {
                more.setField(each, withMore((Message) field.getValue()));
            }
        }
        UnknownFieldSet.Field field = UnknownFieldSet.Field.newBuilder()
                .addVarint(300)
                .addFixed32(1)
                .addFixed64(2)
                .addLengthDelimited(ByteString.copyFromUtf8("more"))
                .build();
        return more.setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(100, field).build())
                .build();
    }
}
