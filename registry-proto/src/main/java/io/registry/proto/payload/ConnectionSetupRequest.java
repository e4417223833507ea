package io.registry.proto.payload;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a stream. No answer of its own follows it: where the client negotiates, a push does.
 *
 * @param clientVersion what the client calls itself; may be empty
 * @param tenant not set by any client known; may be empty
 * @param labels source, module and whatever else the client tells about itself; unmodifiable
 * @param abilityTable what the client can do; null where it does not negotiate, which is not the same as empty
 */
public record ConnectionSetupRequest(
        String clientVersion,
        String tenant,
        Map<String, String> labels,
        @Nullable Map<String, Boolean> abilityTable) implements ConnectionRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "ConnectionSetupRequest";

    /** The label that says what the connection is for. */
    public static final String LABEL_MODULE = "module";

    /** The value of {@link #LABEL_MODULE} on connections that carry naming. */
    public static final String MODULE_NAMING = "naming";

    /** The label that says who connects: {@code sdk}, or {@code cluster} for another server. */
    public static final String LABEL_SOURCE = "source";

    /** The label that holds the name of the application. */
    public static final String LABEL_APP = "AppName";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "SetupAckResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.connectionSetup(this);
    }
}
