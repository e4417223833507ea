package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.error.ErrorCode;
import org.junit.jupiter.api.Test;

class HttpErrorsTest {

    private static String line(Dialect dialect, ErrorCode code, String message) {
        Answer answer = HttpErrors.answer(dialect, code, message);
        return answer.status() + " " + answer.body();
    }

    @Test
    void v1AnswersWithTheBareText() {
        assertThat(line(Dialect.NAMING_V1, ErrorCode.MISSING_PARAMETER, "Param 'ip' is required."))
                .isEqualTo("400 Param 'ip' is required.");
        assertThat(line(Dialect.NAMING_V1, ErrorCode.INSTANCE_NOT_FOUND, "no matched ip found!"))
                .isEqualTo("404 no matched ip found!");
        assertThat(line(Dialect.NAMING_V1, ErrorCode.INTERNAL, "text")).isEqualTo("500 caused: text;");
    }

    @Test
    void aMismatchOfKindsCarriesItsNumberAndABlankAtTheEnd() {
        assertThat(line(Dialect.NAMING_V1, ErrorCode.KIND_MISMATCH, "m")).isEqualTo("400 errCode: 400, errMsg: m ");
        assertThat(line(Dialect.ENVELOPE, ErrorCode.KIND_MISMATCH, "m"))
                .isEqualTo("400 {\"code\":30000,\"message\":\"server error\",\"data\":\"errCode: 400, errMsg: m \"}");
    }

    @Test
    void laterVersionsAnswerWithAnEnvelope() {
        assertThat(line(Dialect.ENVELOPE, ErrorCode.WEIGHT, "w"))
                .isEqualTo("400 {\"code\":21001,\"message\":\"weight error\",\"data\":\"w\"}");
        assertThat(line(Dialect.ENVELOPE, ErrorCode.NOT_FOUND, "n"))
                .isEqualTo("404 {\"code\":20004,\"message\":\"resource not found\",\"data\":\"n\"}");
        assertThat(line(Dialect.ENVELOPE, ErrorCode.INTERNAL, "secret"))
                .isEqualTo("500 {\"code\":30000,\"message\":\"server error\",\"data\":null}");
    }

    @Test
    void aLimitAndTooMuchAtOnceAreToldApart() {
        String limit = "services of this node: 3 (expected: fewer than 3 to add one)";
        String queue = "commands waiting: 16 (expected: fewer; try again later)";

        assertThat(line(Dialect.NAMING_V1, ErrorCode.OVER_LIMIT, limit)).isEqualTo("429 " + limit);
        assertThat(line(Dialect.NAMING_V1, ErrorCode.OVERLOADED, queue)).isEqualTo("503 " + queue);
        assertThat(line(Dialect.CONSOLE_V1, ErrorCode.OVERLOADED, queue)).isEqualTo("503 " + queue);
        assertThat(line(Dialect.ENVELOPE, ErrorCode.OVERLOADED, queue))
                .isEqualTo("503 {\"code\":30000,\"message\":\"server error\",\"data\":\"" + queue + "\"}");
    }

    @Test
    void everyCodeHasAnAnswerInEveryDialect() {
        for (Dialect dialect : Dialect.values()) {
            for (ErrorCode code : ErrorCode.values()) {
                assertThat(HttpErrors.answer(dialect, code, "x").status()).isBetween(400, 503);
            }
        }
    }
}
