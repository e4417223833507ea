package io.registry.client.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers, and which of them is next: at first one at random, so that clients spread, then round and round. Two
 * walkers, one for each transport, each with a place of its own.
 *
 * <p><b>Threading</b>: written on the client loop; {@link #all()} by any thread.
 */
public final class ServerList {

    private volatile List<ServerAddress> servers;
    private final double start;

    /**
     * Makes a list.
     *
     * @param servers may be empty as long as they are still to be learned
     * @param start where to start, 0 (inclusive) to 1 (exclusive) of the list
     */
    public ServerList(List<ServerAddress> servers, double start) {
        this.servers = List.copyOf(servers);
        this.start = start;
    }

    /** Returns all servers. */
    public List<ServerAddress> all() {
        return servers;
    }

    /** Replaces the list; returns whether it differs. */
    public boolean replace(List<ServerAddress> next) {
        if (next.equals(servers)) {
            return false;
        }
        servers = List.copyOf(next);
        return true;
    }

    /** Returns the server with that host, or null. */
    public @Nullable ServerAddress find(String host) {
        for (ServerAddress server : servers) {
            if (server.host().equals(host)) {
                return server;
            }
        }
        return null;
    }

    /**
     * Returns the server with that host and port, else one with that host; null where there is neither.
     *
     * @param port the main port, in digits; servers of other makes may know another one than this list
     */
    public @Nullable ServerAddress find(String host, String port) {
        for (ServerAddress server : servers) {
            if (server.host().equals(host) && Integer.toString(server.port()).equals(port)) {
                return server;
            }
        }
        return find(host);
    }

    /** Returns a walk over this list. */
    public Walk walk() {
        return new Walk();
    }

    /** A place in the list. One thread walks; any thread may look. */
    public final class Walk {

        private volatile int at = -1;

        private Walk() {}

        /** Returns the server at this place; null where there is none. */
        public @Nullable ServerAddress current() {
            List<ServerAddress> now = servers;
            if (now.isEmpty()) {
                return null;
            }
            return now.get(place(now.size()));
        }

        /** Moves on. */
        public void next() {
            int size = servers.size();
            if (size > 0) {
                at = (place(size) + 1) % size;
            }
        }

        private int place(int size) {
            int now = at;
            return now < 0 ? (int) (start * size) : now % size;
        }
    }
}
