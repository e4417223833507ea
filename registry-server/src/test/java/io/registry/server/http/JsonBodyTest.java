package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonBodyTest {

    private static String text(JsonBody body) {
        return new String(body.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void objectsAndArraysNestAndCommasStandBetweenMembersOnly() {
        JsonBody body = new JsonBody(1)
                .object()
                .field("a", 1)
                .name("b")
                .array()
                .value("x")
                .object()
                .end()
                .value((String) null)
                .end()
                .name("c")
                .json("{\"k\":1},{\"k\":2}".getBytes(StandardCharsets.UTF_8))
                .name("d")
                .value(Map.of("m", "n"))
                .name("e")
                .value(List.of())
                .field("f", 1.0)
                .field("g", 0.3f)
                .field("h", true)
                .end();

        assertThat(text(body))
                .isEqualTo("{\"a\":1,\"b\":[\"x\",{},null],\"c\":{\"k\":1},{\"k\":2},\"d\":{\"m\":\"n\"},\"e\":[],"
                        + "\"f\":1.0,\"g\":0.3,\"h\":true}");
    }

    @Test
    void textsAreEscapedAndEncoded() {
        String all = "\"\\/\b\n\r\t\u0001 \u007f\u00e9\u4e2d\ud83d\ude00";

        assertThat(text(new JsonBody(1).value(all)))
                .isEqualTo("\"\\\"\\\\/\\u0008\\n\\r\\t\\u0001 \u007f\u00e9\u4e2d\ud83d\ude00\"");
        assertThat(text(new JsonBody(1).value("\ud83d"))).isEqualTo("\"?\"");
    }
}
