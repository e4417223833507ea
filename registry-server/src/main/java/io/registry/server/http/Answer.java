package io.registry.server.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a caller gets: a status, a content type and a body. The body may share its middle part with other answers, so
 * that a long list is neither copied nor joined again for each caller.
 *
 * @param status the HTTP status
 * @param contentType the content type, or null for none
 * @param noCache whether caches are told to keep off
 * @param authorization the header of that name, or null for none
 * @param head the first bytes of the body; not to be written to
 * @param shared the middle of the body; not to be written to
 * @param tail the last bytes of the body; not to be written to
 */
// A value to be written out, never compared: the arrays are shared so that nothing is copied.
@SuppressWarnings("ArrayRecordComponent")
public record Answer(
        int status,
        @Nullable String contentType,
        boolean noCache,
        @Nullable String authorization,
        byte[] head,
        byte[] shared,
        byte[] tail) {

    private static final byte[] NOTHING = new byte[0];
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain;charset=UTF-8";

    /** The plain {@code ok} of a write that went well. */
    public static final Answer OK = text(200, "ok");

    /** Returns a JSON answer with status 200. */
    public static Answer json(byte[] body) {
        return json(200, body);
    }

    /** Returns a JSON answer. */
    public static Answer json(int status, byte[] body) {
        return new Answer(status, JSON, false, null, body, NOTHING, NOTHING);
    }

    /** Returns a JSON answer with status 200 whose middle is shared with others. */
    public static Answer json(byte[] head, byte[] shared, byte[] tail) {
        return new Answer(200, JSON, false, null, head, shared, tail);
    }

    /** Returns a JSON answer with status 200 that names its charset. */
    public static Answer jsonUtf8(byte[] body) {
        return new Answer(200, "application/json;charset=UTF-8", false, null, body, NOTHING, NOTHING);
    }

    /** Returns a plain text. */
    public static Answer text(int status, String text) {
        return new Answer(status, TEXT, false, null, bytes(text), NOTHING, NOTHING);
    }

    /** Returns a page of HTML. */
    public static Answer html(String text) {
        return new Answer(200, "text/html;charset=UTF-8", false, null, bytes(text), NOTHING, NOTHING);
    }

    /** Returns a body without a content type, as filters answer. */
    public static Answer bare(int status, String text) {
        return new Answer(status, null, false, null, bytes(text), NOTHING, NOTHING);
    }

    /** Returns the refusal of a malformed parameter: the text and an end of line, without a content type. */
    public static Answer malformed(String text) {
        return new Answer(400, null, true, null, bytes(text + "\r\n"), NOTHING, NOTHING);
    }

    /** Returns this with a token in the header for it. */
    public Answer withBearer(String token) {
        return new Answer(status, contentType, noCache, "Bearer " + token, head, shared, tail);
    }

    /** Returns how many bytes the body has. */
    public int length() {
        return head.length + shared.length + tail.length;
    }

    /** Returns the body as text. */
    String body() {
        return string(head) + string(shared) + string(tail);
    }

    private static String string(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
