package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aBareAnswerKeepsAllItsPartsInsideTheEnvelope() {
        for (String shared : new String[] {"", "{\"a\":1}"}) {
            Answer bare = Answer.json(bytes("["), bytes(shared), bytes("]"));

            assertThat(Envelope.success(bare).body())
                    .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":[" + shared + "]}");
        }
    }

    @Test
    void theSharedPartIsNotCopied() {
        byte[] shared = bytes("{\"a\":1}");

        assertThat(Envelope.success(Answer.json(bytes("["), shared, bytes("]"))).shared())
                .isSameAs(shared);
    }

    @Test
    void aRefusalShowsTheCodesOwnMessageUnlessItHasOne() {
        assertThat(Envelope.error(404, Envelope.Code.NOT_FOUND, "gone").body())
                .isEqualTo("{\"code\":20004,\"message\":\"resource not found\",\"data\":\"gone\"}");
        assertThat(Envelope.error(200, Envelope.Code.SERVER_ERROR, "naming not in readiness", null)
                        .body())
                .isEqualTo("{\"code\":30000,\"message\":\"naming not in readiness\",\"data\":null}");
    }
}
