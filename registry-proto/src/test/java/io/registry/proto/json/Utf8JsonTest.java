package io.registry.proto.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class Utf8JsonTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Test
    void commasStandBetweenValuesAndNowhereElse() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("k", "v");
        map.put("l", "w");
        String json = new Utf8Json()
                .beginObject()
                .field("s", "x")
                .field("l", -7L)
                .field("d", 2.0)
                .field("b", true)
                .field("n", (String) null)
                .fieldIfPresent("absent", null)
                .field("list", List.of("a", "b"))
                .field("map", map)
                .name("empty")
                .beginArray()
                .endArray()
                .name("nested")
                .beginArray()
                .beginObject()
                .endObject()
                .beginArray()
                .value(1)
                .value(false)
                .nullValue()
                .rawValue(utf8("{\"r\":1}"))
                .endArray()
                .value("z")
                .endArray()
                .endObject()
                .toString();

        assertThat(json)
                .isEqualTo("{\"s\":\"x\",\"l\":-7,\"d\":2.0,\"b\":true,\"n\":null,\"list\":[\"a\",\"b\"],"
                        + "\"map\":{\"k\":\"v\",\"l\":\"w\"},\"empty\":[],"
                        + "\"nested\":[{},[1,false,null,{\"r\":1}],\"z\"]}");
    }

    @Test
    void aStringThatLooksLikeStructureDoesNotSwallowAComma() {
        String json = new Utf8Json()
                .beginArray()
                .value("{")
                .value("[")
                .value(":")
                .value(",")
                .value("")
                .endArray()
                .toString();

        assertThat(json).isEqualTo("[\"{\",\"[\",\":\",\",\",\"\"]");
    }

    @Test
    void whatMustBeEscapedIs() {
        String json =
                new Utf8Json().value("\"\\/\b\t\n\f\r\u0000\u001f\u007f\u2028").toString();

        assertThat(json).isEqualTo("\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001F\u007f\u2028\"");
    }

    @Test
    void textOfEveryUtf8LengthIsWrittenAsUtf8() {
        String text = "a\u007f\u0080\u00e9\u07ff\u0800\u4e2d\uffff\ud83d\ude00\udbff\udfff";

        byte[] json = new Utf8Json().value(text).toBytes();

        assertThat(json).isEqualTo(utf8("\"" + text + "\""));
    }

    @Test
    void halfASurrogatePairBecomesAQuestionMark() {
        assertThat(new Utf8Json().value("a\ud83d").toString()).isEqualTo("\"a?\"");
        assertThat(new Utf8Json().value("\ude00b").toString()).isEqualTo("\"?b\"");
        assertThat(new Utf8Json().value("\ude00\ud83d").toString()).isEqualTo("\"??\"");
        assertThat(new Utf8Json().value("\ud83dx\ude00").toString()).isEqualTo("\"?x?\"");
    }

    @Test
    void numbersAreWrittenAsJavaPrintsThem() {
        assertThat(new Utf8Json().value(1.0).toString()).isEqualTo("1.0");
        assertThat(new Utf8Json().value(2.5).toString()).isEqualTo("2.5");
        assertThat(new Utf8Json().value(1e10).toString()).isEqualTo("1.0E10");
        assertThat(new Utf8Json().value(Long.MIN_VALUE).toString()).isEqualTo("-9223372036854775808");
        assertThat(new Utf8Json().value(Double.NaN).toString()).isEqualTo("\"NaN\"");
    }

    @Test
    void randomTextComesBackAsItWas() {
        long seed = 20_240_117L;
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = text(random);

            byte[] json =
                    new Utf8Json(16).beginObject().field(text, text).endObject().toBytes();

            // The platform's own encoder also writes half a pair as a question mark.
            String expected = new String(utf8(text), StandardCharsets.UTF_8);
            assertThat(MAPPER.readTree(json).path(expected).asString())
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(expected);
        }
    }

    private static String text(Random random) {
        int length = random.nextInt(40);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int bits = 1 + random.nextInt(16);
            text.append((char) random.nextInt(1 << bits));
            if (random.nextInt(8) == 0) {
                text.appendCodePoint(0x10000 + random.nextInt(0x100000));
            }
            if (random.nextInt(8) == 0) {
                text.append((char) (0xd800 + random.nextInt(0x800)));
            }
        }
        return text.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
