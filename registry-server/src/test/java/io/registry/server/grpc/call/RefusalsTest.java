package io.registry.server.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.error.ErrorCode;
import io.registry.proto.envelope.OutboundEnvelope;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    @Test
    void eachCodeHasTheFormAndNumberThatClientsReactTo() {
        Map<ErrorCode, String> expected = Map.ofEntries(
                Map.entry(ErrorCode.INVALID_PARAMETER, "InstanceResponse 500 400 Param check invalid:text"),
                Map.entry(ErrorCode.MISSING_PARAMETER, "InstanceResponse 500 400 Param check invalid:text"),
                Map.entry(ErrorCode.METADATA, "InstanceResponse 500 400 Param check invalid:text"),
                Map.entry(ErrorCode.WEIGHT, "InstanceResponse 500 400 text"),
                Map.entry(ErrorCode.INSTANCE, "ErrorResponse 400 400 text"),
                Map.entry(ErrorCode.KIND_MISMATCH, "ErrorResponse 400 400 text"),
                Map.entry(ErrorCode.UNREGISTERED, "ErrorResponse 500 301 Connection is unregistered."),
                Map.entry(ErrorCode.NOT_READY, "ErrorResponse 500 300 text"),
                Map.entry(ErrorCode.OVERLOADED, "InstanceResponse 500 503 text"),
                Map.entry(ErrorCode.OVER_LIMIT, "InstanceResponse 500 503 text"),
                Map.entry(ErrorCode.NO_LEADER, "InstanceResponse 500 500 text"),
                Map.entry(ErrorCode.STORAGE, "InstanceResponse 500 500 text"),
                Map.entry(ErrorCode.INTERNAL, "ErrorResponse 500 500 internal error"));

        expected.forEach((code, form) -> {
            String[] parts = form.split(" ", 4);
            OutboundEnvelope refusal = Refusals.of("InstanceResponse", code, "text");
            assertThat(refusal.type()).as(code.name()).isEqualTo(parts[0]);
            assertThat(new String(refusal.joinedBody(), StandardCharsets.UTF_8))
                    .as(code.name())
                    .isEqualTo("{\"resultCode\":" + parts[1] + ",\"errorCode\":" + parts[2] + ",\"message\":\""
                            + parts[3] + "\",\"success\":false}");
        });
    }

    @Test
    void unknownOperationIsNamed() {
        OutboundEnvelope refusal = Refusals.unknownOperation("bogus");

        assertThat(refusal.type()).isEqualTo("ErrorResponse");
        assertThat(new String(refusal.joinedBody(), StandardCharsets.UTF_8))
                .isEqualTo("{\"resultCode\":400,\"errorCode\":400,"
                        + "\"message\":\"Unsupported request type bogus\",\"success\":false}");
    }
}
