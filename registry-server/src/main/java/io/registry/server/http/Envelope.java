package io.registry.server.http;

import io.registry.proto.json.Utf8Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The answer of v2 and v3: code, message and data. */
public final class Envelope {

    /** The codes that this server answers with. Numbers and messages are the wire protocol's. */
    public enum Code {
        /** A required parameter is missing. */
        PARAMETER_MISSING(10000, "parameter missing"),
        /** Access is denied. */
        ACCESS_DENIED(10001, "access denied"),
        /** A parameter is malformed. */
        PARAMETER_INVALID(20002, "parameter validate error"),
        /** What was asked for is not there. */
        NOT_FOUND(20004, "resource not found"),
        /** A weight outside its range. */
        WEIGHT(21001, "weight error"),
        /** Metadata that cannot be read. */
        METADATA(21002, "instance metadata error"),
        /** A beat of an instance that is not there. */
        INSTANCE_NOT_FOUND(21003, "instance not found"),
        /** An instance that contradicts itself or its service. */
        INSTANCE(21004, "instance error"),
        /** A selector of no known type. */
        SELECTOR(21006, "selector error"),
        /** The service is there already. */
        SERVICE_EXISTS(21007, "service already exist"),
        /** The service is not there. */
        SERVICE_NOT_FOUND(21008, "service not exist"),
        /** The service has instances. */
        SERVICE_NOT_EMPTY(21009, "service delete failure"),
        /** A namespace with which the call cannot be: malformed, taken, as v2 says, or in use. */
        NAMESPACE_ILLEGAL(22000, "illegal namespace"),
        /** The namespace is not there. */
        NAMESPACE_NOT_FOUND(22001, "namespace not exist"),
        /** The namespace is there already, as v3 says. */
        NAMESPACE_EXISTS(22002, "namespace already exist"),
        /** A state that does not exist. */
        ILLEGAL_STATE(23000, "illegal state"),
        /** Anything else. */
        SERVER_ERROR(30000, "server error");

        private final int number;
        private final String message;

        Code(int number, String message) {
            this.number = number;
            this.message = message;
        }
    }

    private static final byte[] HEAD = "{\"code\":0,\"message\":\"success\",\"data\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = {'}'};
    private static final byte[] NOTHING = new byte[0];

    /** The answer to a write that went well. */
    public static final Answer OK = success(new Utf8Json(8).value("ok"));

    private Envelope() {}

    /** Returns the answer with the given data. */
    public static Answer success(Utf8Json data) {
        return Answer.json(HEAD, data.toBytes(), END);
    }

    /** Returns the answer with the data of a bare answer. */
    public static Answer success(Answer bare) {
        return Answer.json(joined(HEAD, bare.head()), bare.shared(), joined(bare.tail(), END));
    }

    /** Returns a refusal whose message is the code's own. */
    public static Answer error(int status, Code code, @Nullable String detail) {
        return error(status, code, code.message, detail);
    }

    /** Returns a refusal with a message of its own. */
    public static Answer error(int status, Code code, String message, @Nullable String detail) {
        Utf8Json body = new Utf8Json(128)
                .beginObject()
                .field("code", code.number)
                .field("message", message)
                .field("data", detail)
                .endObject();
        return new Answer(status, "application/json", false, null, body.toBytes(), NOTHING, NOTHING);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
