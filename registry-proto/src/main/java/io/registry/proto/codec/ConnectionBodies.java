package io.registry.proto.codec;

import io.registry.proto.payload.Ack;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.HealthCheckRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of what concerns the connection. */
final class ConnectionBodies {

    private ConnectionBodies() {}

    static HealthCheckRequest healthCheck(BodyParser body) throws MalformedBodyException {
        body.enterObject();
        while (body.nextProperty() != null) {
            body.skip();
        }
        return new HealthCheckRequest();
    }

    static ConnectionSetupRequest setup(BodyParser body) throws MalformedBodyException {
        String clientVersion = "";
        String tenant = "";
        Map<String, String> labels = Map.of();
        @Nullable Map<String, Boolean> abilityTable = null;
        body.enterObject();
        for (String name = body.nextProperty(); name != null; name = body.nextProperty()) {
            switch (name) {
                case "clientVersion" -> clientVersion = body.string();
                case "tenant" -> tenant = body.string();
                case "labels" -> labels = body.strings();
                case "abilityTable" -> abilityTable = body.bools();
                default -> body.skip();
            }
        }
        return new ConnectionSetupRequest(clientVersion, tenant, labels, abilityTable);
    }

    static Ack ack(BodyParser body, String type) throws MalformedBodyException {
        int resultCode = Ack.SUCCESS;
        int errorCode = 0;
        String message = null;
        String requestId = null;
        body.enterObject();
        for (String name = body.nextProperty(); name != null; name = body.nextProperty()) {
            switch (name) {
                case "resultCode" -> resultCode = body.integer();
                case "errorCode" -> errorCode = body.integer();
                case "message" -> message = body.stringOrNull();
                case "requestId" -> requestId = body.stringOrNull();
                default -> body.skip();
            }
        }
        return new Ack(type, resultCode, errorCode, message, requestId);
    }
}
