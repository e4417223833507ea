package io.registry.proto.payload;

/**
 * The first question of every client. Its body is not read, so it may be anything.
 */
public record ServerCheckRequest() implements ConnectionRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "ServerCheckRequest";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "ServerCheckResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.serverCheck(this);
    }
}
