package io.registry.proto.codec;

import io.registry.proto.json.Utf8Json;
import io.registry.proto.payload.Ack;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the bodies of all requests, and of all answers, have in common. */
final class Bodies {

    private static final byte[] NO_HEADERS = "{}".getBytes(StandardCharsets.US_ASCII);

    private Bodies() {}

    /** Begins a request; its module follows in {@link #endRequest}. */
    static Utf8Json request(int capacity) {
        return new Utf8Json(capacity).beginObject().name("headers").rawValue(NO_HEADERS);
    }

    static byte[] endRequest(Utf8Json json, String module) {
        return json.field("module", module).endObject().toBytes();
    }

    /** Begins the answer of a success. */
    static Utf8Json success(int capacity) {
        return answer(capacity, Ack.SUCCESS, 0, null, null);
    }

    /** Begins an answer; whether it is a success follows in {@link #endAnswer}. */
    static Utf8Json answer(
            int capacity, int resultCode, int errorCode, @Nullable String message, @Nullable String requestId) {
        return new Utf8Json(capacity)
                .beginObject()
                .field("resultCode", resultCode)
                .field("errorCode", errorCode)
                .fieldIfPresent("message", message)
                .fieldIfPresent("requestId", requestId);
    }

    static byte[] endAnswer(Utf8Json json, boolean success) {
        return json.field("success", success).endObject().toBytes();
    }
}
