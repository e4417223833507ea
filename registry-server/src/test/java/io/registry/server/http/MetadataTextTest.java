package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataTextTest {

    @Test
    void nothingIsEmptyInAllItsForms() {
        for (String text : new String[] {null, "", "  ", "null", "{}"}) {
            assertThat(MetadataText.parse(text)).as("%s", text).isEmpty();
        }
    }

    @Test
    void scalarsOfAJsonObjectBecomeTheirText() {
        assertThat(MetadataText.parse("{\"s\":\"v\",\"n\":1,\"d\":1.50,\"b\":true,\"z\":null}"))
                .isEqualTo(Map.of("s", "v", "n", "1", "d", "1.50", "b", "true", "z", ""));
    }

    @Test
    void assignmentsAreTheOtherForm() {
        assertThat(MetadataText.parse("a=1,b=,=c")).isEqualTo(Map.of("a", "1", "b", "", "", "c"));
    }

    @Test
    void whateverHasNeitherFormIsRefusedWithItsText() {
        for (String text : new String[] {
            "novalue",
            "{\"o\":{\"x\":1}}",
            "{\"o\":[]}",
            "a=1,b",
            "a=1,,b=2",
            "a=b=c",
            "[]",
            "{\"a\":1",
            "{\"a\":1}x",
            "1"
        }) {
            assertThatThrownBy(() -> MetadataText.parse(text))
                    .as(text)
                    .isInstanceOfSatisfying(RegistryException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.METADATA);
                        assertThat(e.getMessage()).isEqualTo("metadata format incorrect:" + text);
                    });
        }
    }

    @Test
    void keysAndValuesTogetherMayHave1024Characters() {
        assertThat(MetadataText.parse("k=" + "v".repeat(1023))).hasSize(1);
        assertThatThrownBy(() -> MetadataText.parse("k=" + "v".repeat(1024)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        e -> assertThat(e.answer().body())
                                .isEqualTo(
                                        "Param 'Metadata' is illegal, the param length should not exceed 1024.\r\n"));
    }

    @Test
    void nestingWithoutEndIsRefusedAndNotFollowed() {
        assertThatThrownBy(() -> MetadataText.parse("{\"a\":".repeat(100_000))).isInstanceOf(RegistryException.class);
    }
}
