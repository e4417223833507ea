package io.registry.api;

import java.util.List;
import java.util.Map;

/**
 * How a client stands with its server: what the application wants, against what the server has acknowledged on the
 * connection that is in use.
 *
 * @param state where the connection is
 * @param server {@code host:port} of the server in use, its HTTP port; empty where none is
 * @param registrations how many services this client registers ephemeral instances of
 * @param registered for how many of them the server has acknowledged just what is wanted
 * @param subscriptions how many services this client follows
 * @param subscribed for how many of them the server has acknowledged that
 * @param refused what the server has refused, by what it was about; not tried again before a new connection, or before
 *     the application asks for something else
 */
public record ClientStatus(
        State state,
        String server,
        int registrations,
        int registered,
        int subscriptions,
        int subscribed,
        Map<String, String> refused) {

    /** Where a connection is. */
    public enum State {
        /** No server has been reached yet. */
        STARTING,
        /** All is well. */
        CONNECTED,
        /** A server was reached before, and is being looked for again. */
        SWITCHING,
        /** The client was closed. */
        CLOSED
    }

    /** Keeps the refusals as they are now. */
    public ClientStatus {
        refused = Map.copyOf(refused);
    }

    /** Returns whether a server is connected and has everything that is wanted. */
    public boolean healthy() {
        return state == State.CONNECTED && registered == registrations && subscribed == subscriptions;
    }

    /** Returns what is wrong, one line each; none where {@link #healthy()}. */
    public List<String> problems() {
        return healthy()
                ? List.of()
                : List.of(
                        "connection: " + state,
                        "registered: " + registered + " of " + registrations,
                        "subscribed: " + subscribed + " of " + subscriptions,
                        "refused: " + refused);
    }
}
