package io.registry.server.peer.http;

import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a member has answered.
 *
 * @param stream the name of the line; null where it says none
 * @param last whether nothing comes after it
 * @param text whether the body is a text, which says why
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpAnswer(int status, @Nullable String stream, boolean last, boolean text, byte[] body) {

    static HttpAnswer of(FullHttpResponse response) {
        String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return new HttpAnswer(
                response.status().code(),
                response.headers().get(DatumWire.STREAM),
                DatumWire.TRUE.equals(response.headers().get(DatumWire.LAST)),
                type != null && type.startsWith("text/plain"),
                ByteBufUtil.getBytes(response.content()));
    }

    /** Returns why this is not what was asked for. */
    String cause() {
        if (status == DatumWire.OFF) {
            return "registry.distro.transport: not http on the peer (expected: the same on every member)";
        }
        return text ? new String(body, StandardCharsets.UTF_8) : "HTTP status " + status;
    }
}
