package io.registry.server.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.core.encoding.SchemaText;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.ratis.thirdparty.com.google.protobuf.DynamicMessage;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;

class EntryFormTest {

    private static final FlightEntry FULL = new FlightEntry(
            7,
            1_700_000_000_000L,
            FlightEntry.Kind.CHANGED,
            "public",
            "DEFAULT_GROUP",
            "orders",
            "10.0.0.1",
            80,
            "DEFAULT",
            "1_10.0.0.1_5",
            "n1",
            "n2",
            "grpc",
            "10.0.0.9",
            "ops",
            "published",
            "weight: 1.0 to 2.0",
            3);

    @Test
    void anEntryIsReadAsItWasWrittenAndAsTheSchemaSays() throws InvalidProtocolBufferException {
        byte[] frame = frame(FULL);

        assertThat(EntryForm.entry(ByteBuffer.wrap(frame), 0, frame.length)).isEqualTo(FULL);
        byte[] content = Arrays.copyOfRange(frame, EntryForm.FRAME, frame.length);
        DynamicMessage message =
                DynamicMessage.parseFrom(SchemaText.read("flight.proto").findMessageTypeByName("Entry"), content);
        SchemaText.assertNothingUnknown(message);
        assertThat(message.toByteArray()).isEqualTo(content);
    }

    @Test
    void everyCharacterIsReadAsItWas() {
        String text = "abc \u007f \u0080 \u20ac \ud83d\ude00 z";
        FlightEntry entry = Entries.ofNode(1, FlightEntry.Kind.OPERATED, text, 0);

        byte[] frame = frame(entry);

        assertThat(EntryForm.entry(ByteBuffer.wrap(frame), 0, frame.length)).isEqualTo(entry);
    }

    @Test
    void noBitOfAFrameChangesUnnoticed() {
        byte[] frame = frame(FULL);

        for (int bit = 0; bit < frame.length * 8; bit++) {
            byte[] other = frame.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(EntryForm.length(ByteBuffer.wrap(other), 0, other.length))
                    .as("bit %s", bit)
                    .isZero();
        }
    }

    @Test
    void aFrameIsWholeOrNone() {
        byte[] frame = frame(FULL);

        for (int limit = 0; limit < frame.length; limit++) {
            assertThat(EntryForm.length(ByteBuffer.wrap(frame), 0, limit)).isZero();
        }
        assertThat(EntryForm.length(ByteBuffer.wrap(frame), 0, frame.length)).isEqualTo(frame.length);
    }

    @Test
    void whatClientsSayMakesNoFrameLongerThanABlock() {
        String endless = "\u20ac".repeat(1_000_000);
        FlightEntry entry = new FlightEntry(
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                FlightEntry.Kind.CAME,
                endless,
                endless,
                endless,
                endless,
                65_535,
                endless,
                endless,
                endless,
                endless,
                endless,
                endless,
                endless,
                endless,
                endless,
                Long.MAX_VALUE);

        byte[] frame = frame(entry);

        assertThat(frame.length).isLessThan(FlightFile.BLOCK);
        assertThat(EntryForm.entry(ByteBuffer.wrap(frame), 0, frame.length))
                .isNotNull()
                .extracting(FlightEntry::detail)
                .isEqualTo(endless.substring(0, 2_048));
    }

    private static byte[] frame(FlightEntry entry) {
        byte[] bytes = new byte[3 + FlightFile.BLOCK];
        int length = new EntryForm(bytes).frame(entry, entry.number(), 3);
        return Arrays.copyOfRange(bytes, 3, 3 + length);
    }
}
