package io.registry.proto.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

    private static final String CHECK_BODY = "{\"headers\":{},\"module\":\"internal\"}";

    /** A whole server check, as a client of the 2.x line sends it. */
    private static final byte[] CHECK = hex("""
            12 1f 1a 12 53 65 72 76 65 72 43 68 65 63 6b 52 65 71 75 65 73 74 42 09 31 39 32
            2e 30 2e 32 2e 32 1a 24 12 22 7b 22 68 65 61 64 65 72 73 22 3a 7b 7d 2c 22 6d 6f
            64 75 6c 65 22 3a 22 69 6e 74 65 72 6e 61 6c 22 7d
            """);

    /** The metadata of a query with one header. */
    private static final byte[] QUERY_METADATA = hex("""
            1a 13 53 65 72 76 69 63 65 51 75 65 72 79 52 65 71 75 65 73 74 3a 0e 0a 03 61 70
            70 12 07 75 6e 6b 6e 6f 77 6e 42 09 31 39 32 2e 30 2e 32 2e 32
            """);

    @Test
    void aServerCheckIsReadAsAClientSendsIt() throws MalformedEnvelopeException {
        Envelope envelope = Envelope.decode(CHECK);

        assertThat(envelope.type()).isEqualTo("ServerCheckRequest");
        assertThat(envelope.headers()).isEmpty();
        assertThat(envelope.clientIp()).isEqualTo("192.0.2.2");
        assertThat(body(envelope)).isEqualTo(CHECK_BODY);
        assertThat(envelope.array()).isSameAs(CHECK);
    }

    @Test
    void aServerCheckIsWrittenAsAClientSendsIt() {
        OutboundEnvelope envelope =
                OutboundEnvelope.request("ServerCheckRequest", Map.of(), "192.0.2.2", utf8(CHECK_BODY));

        assertThat(envelope.toBytes()).isEqualTo(CHECK);
        assertThat(envelope.size()).isEqualTo(CHECK.length);
    }

    @Test
    void headersAreReadAsAClientSendsThem() throws MalformedEnvelopeException {
        Envelope envelope = Envelope.decode(join(new byte[] {0x12, (byte) QUERY_METADATA.length}, QUERY_METADATA));

        assertThat(envelope.type()).isEqualTo("ServiceQueryRequest");
        assertThat(envelope.headers()).isEqualTo(Map.of("app", "unknown"));
        assertThat(envelope.clientIp()).isEqualTo("192.0.2.2");
        assertThat(envelope.length()).isZero();
    }

    @Test
    void headersAreWrittenAsAClientSendsThem() {
        byte[] message = OutboundEnvelope.request("ServiceQueryRequest", Map.of("app", "unknown"), "192.0.2.2")
                .toBytes();

        byte[] metadata = Arrays.copyOfRange(message, 2, 2 + QUERY_METADATA.length);
        assertThat(metadata).isEqualTo(QUERY_METADATA);
        assertThat(message).hasSize(2 + QUERY_METADATA.length + 2).endsWith(0x1a, 0x00);
    }

    @Test
    void anAnswerCarriesTypeAndBodyOnly() {
        byte[] message = OutboundEnvelope.answer("A", utf8("{}")).toBytes();

        assertThat(message).isEqualTo(hex("12 03 1a 01 41 1a 04 12 02 7b 7d"));
    }

    @Test
    void partsOfEverySizeSurviveTheWayThere() throws MalformedEnvelopeException {
        for (int size : new int[] {0, 1, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152}) {
            byte[] part = new byte[size];
            Arrays.fill(part, (byte) 'x');
            byte[] message =
                    OutboundEnvelope.answer("Type", utf8("<"), part, utf8(">")).toBytes();

            assertThat(body(Envelope.decode(message))).isEqualTo("<" + "x".repeat(size) + ">");
        }
    }

    @Test
    void aHeaderIsFoundWhateverItsCase() throws MalformedEnvelopeException {
        Map<String, String> headers = new TreeMap<>(Map.of("accessToken", "T1", "app", "shop"));
        Envelope envelope = Envelope.decode(
                OutboundEnvelope.request("R", headers, "", utf8("{}")).toBytes());

        assertThat(envelope.header("ACCESSTOKEN")).isEqualTo("T1");
        assertThat(envelope.header("accessToken")).isEqualTo("T1");
        assertThat(envelope.header("token")).isNull();
        assertThat(envelope.clientIp()).isEmpty();
    }

    @Test
    void fieldsComeInAnyOrderAndUnknownOnesAreSkipped() throws MalformedEnvelopeException {
        byte[] message = hex("""
                08 96 01
                1a 0a 0a 04 74 79 70 65 12 02 7b 7d
                21 01 02 03 04 05 06 07 08
                35 01 02 03 04
                12 10 42 01 69 08 01 12 01 7a 1a 01 54 3a 03 12 01 76
                a2 06 02 ff ff
                """);

        Envelope envelope = Envelope.decode(message);

        assertThat(envelope.type()).isEqualTo("T");
        assertThat(envelope.clientIp()).isEqualTo("i");
        assertThat(envelope.headers()).isEqualTo(Map.of("", "v"));
        assertThat(body(envelope)).isEqualTo("{}");
    }

    @Test
    void ofARepeatedFieldTheLastCounts() throws MalformedEnvelopeException {
        Envelope envelope =
                Envelope.decode(hex("12 03 1a 01 41 1a 03 12 01 61 12 06 1a 01 42 1a 01 43 1a 03 12 01 62"));

        assertThat(envelope.type()).isEqualTo("C");
        assertThat(body(envelope)).isEqualTo("b");
    }

    @Test
    void aKnownFieldOfAnotherWireTypeIsUnknown() throws MalformedEnvelopeException {
        Envelope envelope = Envelope.decode(hex("10 05 1a 02 10 07"));

        assertThat(envelope.type()).isEmpty();
        assertThat(envelope.length()).isZero();
    }

    @Test
    void anEmptyMessageIsAnEmptyEnvelope() throws MalformedEnvelopeException {
        Envelope envelope = Envelope.decode(new byte[0]);

        assertThat(envelope.type()).isEmpty();
        assertThat(envelope.headers()).isEmpty();
        assertThat(envelope.length()).isZero();
    }

    @Test
    void everyTruncationInsideAFieldIsRefused() {
        int firstFieldEnd = 2 + 0x1f;
        for (int length = 1; length < CHECK.length; length++) {
            byte[] truncated = Arrays.copyOf(CHECK, length);
            if (length != firstFieldEnd) {
                assertThatThrownBy(() -> Envelope.decode(truncated))
                        .as("first %d bytes", length)
                        .isInstanceOf(MalformedEnvelopeException.class);
            }
        }
    }

    @Test
    void lengthsBeyondTheirRangeAreRefused() {
        refused("12 05 1a 01 41");
        // A type that reaches beyond its metadata, though not beyond the message.
        refused("12 03 1a 02 41 1a 00");
        // 2^31-1, 2^31, 2^32-1, -1 and 2^63 as lengths.
        refused("12 ff ff ff ff 07");
        refused("12 80 80 80 80 08");
        refused("12 ff ff ff ff 0f");
        refused("12 ff ff ff ff ff ff ff ff ff 01");
        refused("12 80 80 80 80 80 80 80 80 80 01");
    }

    @Test
    void bytesThatAreNoProtobufAreRefused() {
        // Field 0, a group, wire type 7, a tag of more than 32 bits, a varint without end.
        refused("02 00");
        refused("0b 0c");
        refused("0f");
        refused("80 80 80 80 80 01 00");
        refused("08 ff ff ff ff ff ff ff ff ff ff 01");
        refused("09 01 02");
    }

    @Test
    void stringsThatAreNotUtf8AreRefused() {
        refused("12 03 1a 01 ff");
        refused("12 04 1a 02 c3 28");
        refused("12 05 1a 03 ed a0 80");
    }

    @Test
    void theReplacementCharacterItselfIsText() throws MalformedEnvelopeException {
        assertThat(Envelope.decode(hex("12 05 1a 03 ef bf bd")).type()).isEqualTo("\ufffd");
    }

    @Test
    void moreHeadersThanTheBoundAreRefused() throws MalformedEnvelopeException {
        Map<String, String> headers = new TreeMap<>();
        for (int i = 0; i < Envelope.HEADERS_MAX; i++) {
            headers.put("h" + i, "");
        }
        byte[] most = OutboundEnvelope.request("R", headers, "").toBytes();
        headers.put("one more", "");
        byte[] more = OutboundEnvelope.request("R", headers, "").toBytes();

        assertThat(Envelope.decode(most).headers()).hasSize(Envelope.HEADERS_MAX);
        assertThatThrownBy(() -> Envelope.decode(more)).isInstanceOf(MalformedEnvelopeException.class);
    }

    @Test
    void metadataBeyondTheBoundAreRefusedInHoweverManyPieces() {
        byte[] half = OutboundEnvelope.answer("t".repeat(Envelope.METADATA_BYTES_MAX / 2))
                .toBytes();

        assertThatThrownBy(() -> Envelope.decode(join(half, half))).isInstanceOf(MalformedEnvelopeException.class);
    }

    private static void refused(String hex) {
        assertThatThrownBy(() -> Envelope.decode(hex(hex)))
                .as(hex)
                .isInstanceOf(MalformedEnvelopeException.class)
                .hasMessageNotContaining("null");
    }

    private static String body(Envelope envelope) {
        return new String(envelope.array(), envelope.offset(), envelope.length(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
