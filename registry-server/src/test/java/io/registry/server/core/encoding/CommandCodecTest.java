package io.registry.server.core.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.persistent.InstanceOverride;
import io.registry.server.core.persistent.OverrideTarget;
import io.registry.server.core.persistent.PersistentCommand;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.ratis.thirdparty.com.google.protobuf.Descriptors;
import org.apache.ratis.thirdparty.com.google.protobuf.DynamicMessage;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandCodecTest {

    private static final Descriptors.Descriptor ENTRY =
            SchemaText.read("persistent.proto").findMessageTypeByName("Entry");

    private static final Form<Double> WEIGHT_ALONE =
            new Form<>("InstanceOverride", (out, weight) -> out.optionalReal(1, weight), in -> 0.0);

    static List<Class<? extends PersistentCommand>> kinds() {
        return RandomCommands.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindIsReadAsItWasWritten(Class<? extends PersistentCommand> kind) {
        RandomCommands commands = new RandomCommands(1);
        for (int i = 0; i < 200; i++) {
            PersistentCommand command = commands.next(kind);

            PersistentCommand read = CommandCodec.decode(ByteBuffer.wrap(CommandCodec.encode(command)));

            assertThat(read).isEqualTo(command);
            assertThat(read.toString()).as("the order of pairs too").isEqualTo(command.toString());
        }
    }

    /** Protobuf's own library, given the schema, finds nothing unknown in our bytes and would have written the same. */
    @ParameterizedTest
    @MethodSource("kinds")
    void theBytesAreThoseOfTheSchema(Class<? extends PersistentCommand> kind) throws InvalidProtocolBufferException {
        RandomCommands commands = new RandomCommands(2);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = CommandCodec.encode(commands.next(kind));

            DynamicMessage message = DynamicMessage.parseFrom(ENTRY, bytes);

            SchemaText.assertNothingUnknown(message);
            assertThat(message.toByteArray()).isEqualTo(bytes);
        }
    }

    /** Overrides once had neither scope nor times. */
    @Test
    void anOverrideOfTheFirstFormIsOneOfThatIncarnation() {
        MessageWriter out = new MessageWriter();
        out.number(1, 1);
        out.message(
                8,
                new Form<String>(
                        "PutOverride",
                        (put, name) -> {
                            put.message(1, ValueForms.SERVICE_KEY, new ServiceKey("public", "DEFAULT_GROUP", name));
                            put.message(2, ValueForms.INSTANCE_KEY, new InstanceKey("10.0.0.1", 80, "DEFAULT"));
                            put.message(3, WEIGHT_ALONE, 5.0);
                        },
                        in -> ""),
                "orders");

        assertThat(CommandCodec.decode(ByteBuffer.wrap(out.toBytes())))
                .isEqualTo(new PersistentCommand.PutOverride(
                        new ServiceKey("public", "DEFAULT_GROUP", "orders"),
                        OverrideTarget.incarnation(new InstanceKey("10.0.0.1", 80, "DEFAULT")),
                        new InstanceOverride(5.0, null, Map.of(), 0, InstanceOverride.NEVER)));
    }

    @Test
    void aNewerVersionIsRefused() {
        MessageWriter out = new MessageWriter();
        out.number(1, CommandCodec.VERSION + 1);

        assertThatThrownBy(() -> CommandCodec.decode(ByteBuffer.wrap(out.toBytes())))
                .isInstanceOf(UnknownFormException.class)
                .hasMessage("version of an entry: 2 (expected: 1..1; a newer server has written it)");
    }

    @Test
    void aKindThatNobodyKnowsIsRefused() {
        MessageWriter out = new MessageWriter();
        out.number(1, 1);
        out.message(25, ValueForms.PAIR, Map.entry("a", "b"));

        assertThatThrownBy(() -> CommandCodec.decode(ByteBuffer.wrap(out.toBytes())))
                .isInstanceOf(UnknownFormException.class)
                .hasMessage("kind of command: 25 (expected: 2..22 or 24; a newer server has written it)");
    }

    @Test
    void aFieldThatNobodyKnowsIsRefused() {
        MessageWriter out = new MessageWriter();
        out.number(1, 1);
        out.message(
                13,
                new Form<String>(
                        "RemoveNamespace",
                        (inner, id) -> {
                            inner.text(1, id);
                            inner.truth(2, true);
                        },
                        in -> ""),
                "dev");

        assertThatThrownBy(() -> CommandCodec.decode(ByteBuffer.wrap(out.toBytes())))
                .isInstanceOf(UnknownFormException.class)
                .hasMessage("field 2 of RemoveNamespace (expected: one that this server knows)");
    }

    @Test
    void bytesThatAreCutOffAreRefused() {
        byte[] bytes = CommandCodec.encode(new PersistentCommand.SetSwitch("entry", "value"));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);

            assertThatThrownBy(() -> CommandCodec.decode(ByteBuffer.wrap(cut)))
                    .as("%s bytes", length)
                    .isInstanceOf(UnknownFormException.class);
        }
    }
}
