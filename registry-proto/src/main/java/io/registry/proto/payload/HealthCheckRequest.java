package io.registry.proto.payload;

/**
 * The sign of life of a client that has heard nothing for a while.
 */
public record HealthCheckRequest() implements ConnectionRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "HealthCheckRequest";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "HealthCheckResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.healthCheck(this);
    }
}
