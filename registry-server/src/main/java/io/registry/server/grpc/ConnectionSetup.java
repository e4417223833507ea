package io.registry.server.grpc;

import io.grpc.Status;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.PayloadDecoder;
import io.registry.proto.codec.Pushes;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.ServerPush;
import io.registry.server.core.client.ConnectionDetails;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a transport a client when the first message of its stream says who it is.
 *
 * <p>The client is known to the core before it is told so, since it sends its first request the moment it hears. Only
 * clients that negotiate abilities are told; older ones do not know the message.
 *
 * <p><b>Threading</b>: on the thread of the transport.
 */
final class ConnectionSetup {

    /** The longest text that is kept of what a client says about itself. */
    private static final int TEXT_MAX = 256;

    /** The most labels that are kept of one client. */
    private static final int LABELS_MAX = 32;

    private static final Map<String, Boolean> ABILITIES = abilities();

    /** What clients of this project are told: other clients are told nothing that is not in the protocol. */
    private static final Map<String, Boolean> OWN_ABILITIES = ownAbilities();

    private final ConnectionManager manager;
    private final Pushes pushes;
    private final GrpcCounters counters;

    ConnectionSetup(ConnectionManager manager, Pushes pushes, GrpcCounters counters) {
        this.manager = manager;
        this.pushes = pushes;
        this.counters = counters;
    }

    private static Map<String, Boolean> abilities() {
        Map<String, Boolean> abilities = new LinkedHashMap<>();
        abilities.put("supportPersistentInstanceByGrpc", true);
        abilities.put("fuzzyWatch", true);
        return abilities;
    }

    private static Map<String, Boolean> ownAbilities() {
        Map<String, Boolean> abilities = abilities();
        abilities.put(AwaitSubscribersRequest.ABILITY, true);
        abilities.put(ServerPush.NotifyChange.ABILITY, true);
        return abilities;
    }

    /** Takes a setup. One that cannot be read changes nothing, and the transport is ended in time. */
    void accept(Connection connection, StreamWriter stream, Envelope message) {
        ConnectionSetupRequest setup;
        try {
            if (!(PayloadDecoder.decode(message) instanceof ConnectionSetupRequest decoded)) {
                return;
            }
            setup = decoded;
        } catch (MalformedBodyException e) {
            counters.malformed.increment();
            return;
        }
        Map<String, Boolean> shown = setup.abilityTable();
        String refusal = manager.join(
                connection,
                stream,
                details(connection, message, setup),
                new GrpcPusher(stream, pushes, counters.pushes, can(shown, ServerPush.NotifyChange.ABILITY)));
        if (refusal != null) {
            stream.end(Status.RESOURCE_EXHAUSTED.withDescription(refusal));
            manager.evict(connection, Status.OK);
            return;
        }
        if (shown != null) {
            stream.write(pushes.setupAck(can(shown, AwaitSubscribersRequest.ABILITY) ? OWN_ABILITIES : ABILITIES));
        }
    }

    private static boolean can(@Nullable Map<String, Boolean> shown, String ability) {
        return shown != null && Boolean.TRUE.equals(shown.get(ability));
    }

    private static ConnectionDetails details(Connection connection, Envelope message, ConnectionSetupRequest setup) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, String> label : setup.labels().entrySet()) {
            if (labels.size() < LABELS_MAX) {
                labels.put(bounded(label.getKey()), bounded(label.getValue()));
            }
        }
        return new ConnectionDetails(
                connection.remoteIp(),
                connection.remote().getPort(),
                bounded(message.clientIp()),
                bounded(setup.clientVersion()),
                labels.getOrDefault(ConnectionSetupRequest.LABEL_APP, "unknown"),
                labels,
                connection.openedMillis());
    }

    private static String bounded(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
    }
}
