package io.registry.server.http;

import io.registry.proto.json.Utf8Json;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The JSON page that stands for an answer where no handler gave one. */
final class ErrorPage {

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");

    private ErrorPage() {}

    /** Returns a page; the path is shown as it was sent. */
    static Answer of(int status, String message, String uri) {
        Utf8Json page = new Utf8Json(256)
                .beginObject()
                .field("timestamp", TIMESTAMP.format(OffsetDateTime.now(ZoneOffset.UTC)))
                .field("status", status)
                .field("error", reason(status))
                .field("message", MetadataText.shown(message))
                .field("path", MetadataText.shown(uri))
                .endObject();
        return Answer.json(status, page.toBytes());
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 501 -> "Not Implemented";
            default -> "Internal Server Error";
        };
    }
}
