package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.RegistryException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpParamsTest {

    private static HttpParams parse(String query, String form) {
        return HttpParams.parse(query, form.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theQueryWinsOverTheBodyAndTheFirstValueOverLaterOnes() {
        HttpParams params = parse("a=1&a=2&b=3", "b=4&c=5&c=6");

        assertThat(params.raw("a")).isEqualTo("1");
        assertThat(params.raw("b")).isEqualTo("3");
        assertThat(params.raw("c")).isEqualTo("5");
        assertThat(params.raw("d")).isNull();
    }

    @Test
    void escapesAreReadAsUtf8AndPlusAsBlank() {
        HttpParams params = parse("n%61me=a%20b+c&cjk=%E4%B8%AD%E6%96%87", "grouped=g%40%40s&plain=g@@s");

        assertThat(params.raw("name")).isEqualTo("a b c");
        assertThat(params.raw("cjk")).isEqualTo("\u4e2d\u6587");
        assertThat(params.raw("grouped")).isEqualTo("g@@s");
        assertThat(params.raw("plain")).isEqualTo("g@@s");
    }

    @Test
    void aNameWithoutValueIsBlankAndBlankCountsAsAbsentWhereTextIsAskedFor() {
        HttpParams params = parse("a&b=&c=%20%20&d= x &&=y", "");

        assertThat(params.raw("a")).isEmpty();
        assertThat(params.has("b")).isTrue();
        assertThat(params.text("b")).isNull();
        assertThat(params.text("c", "otherwise")).isEqualTo("otherwise");
        assertThat(params.text("d")).isEqualTo("x");
    }

    @Test
    void aMalformedEscapeAndMalformedUtf8AreRefused() {
        for (String query : new String[] {"a=%", "a=%2", "a=%zz", "a=1&b=%4g", "a=%ff%fe", "a=%c3"}) {
            assertThatThrownBy(() -> parse(query, "")).as(query).isInstanceOf(RegistryException.class);
        }
    }

    @Test
    void moreParametersThanAnyCallHasAreRefused() {
        String most = "a=1&".repeat(HttpParams.COUNT_MAX);

        assertThat(parse(most, "").raw("a")).isEqualTo("1");
        assertThatThrownBy(() -> parse(most, "b=1"))
                .isInstanceOf(RegistryException.class)
                .hasMessage("too many parameters (expected: at most 256)");
    }

    @Test
    void thereAreNoParametersInNothing() {
        assertThat(HttpParams.parse(null, new byte[0]).raw("")).isNull();
    }
}
