package io.registry.server.testkit.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a node runs.
 *
 * @param host its address, as a text of numbers
 * @param port its HTTP port; the ports that are derived from it are free there
 * @param inside what stands before a command that is to run there; may be empty
 * @param options what the node has to be told about the place
 */
public record Place(String host, int port, List<String> inside, List<String> options) {

    /** Copies the lists. */
    public Place {
        inside = List.copyOf(inside);
        options = List.copyOf(options);
    }

    /** Returns the place at 127.0.0.1 with this HTTP port. */
    public static Place onLoopback(int port) {
        return new Place("127.0.0.1", port, List.of(), List.of());
    }

    /** Returns {@code host:port}. */
    public String address() {
        return host + ":" + port;
    }

    /** Returns a command that runs there. */
    public List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(inside);
        all.addAll(command);
        return all;
    }
}
