package io.registry.server.http.ops;

import io.registry.server.core.operate.Readiness;
import io.registry.server.core.persistent.Switches;
import io.registry.server.http.Answer;
import io.registry.server.http.Envelope;
import io.registry.server.http.Gate;
import org.jspecify.annotations.Nullable;

/**
 * Lets naming calls pass as the status of the node allows, and turns away the paths that an operator has limited. The call
 * that sets switches always passes, or a node that was switched off could not be switched on again.
 */
public final class StatusGate implements Gate {

    private final Readiness readiness;
    private final Switches switches;

    /** Makes the gate. */
    public StatusGate(Readiness readiness, Switches switches) {
        this.readiness = readiness;
        this.switches = switches;
    }

    @Override
    public @Nullable Answer refusal(String method, String uri, String path) {
        boolean envelope =
                path.startsWith("/v2/ns/") || path.startsWith("/v3/client/") || path.startsWith("/v3/admin/ns/");
        if (!envelope && !path.startsWith("/v1/ns/")) {
            return null;
        }
        if (method.equals("PUT") && path.endsWith("/switches")) {
            return null;
        }
        int limited = envelope ? 0 : limit(uri);
        if (limited != 0) {
            return Answer.bare(limited, "");
        }
        String status = readiness.status();
        if (isOpen(status, method)) {
            return null;
        }
        String text = "server is " + status + "now, please try again later!";
        return envelope ? Envelope.error(503, Envelope.Code.SERVER_ERROR, text) : Answer.bare(503, text);
    }

    private static boolean isOpen(String status, String method) {
        return switch (status) {
            case "UP" -> true;
            case "READ_ONLY" -> method.equals("GET");
            case "WRITE_ONLY" -> !method.equals("GET");
            default -> false;
        };
    }

    /** Returns the status with which a path is turned away, or 0 where it is not. */
    private int limit(String uri) {
        String limits = switches.set(SwitchTable.LIMITED_URLS);
        if (limits == null || limits.isEmpty()) {
            return 0;
        }
        for (String limit : limits.split(",", -1)) {
            int colon = limit.lastIndexOf(':');
            if (uri.startsWith(limit.substring(0, colon))) {
                return Integer.parseInt(limit.substring(colon + 1));
            }
        }
        return 0;
    }
}
