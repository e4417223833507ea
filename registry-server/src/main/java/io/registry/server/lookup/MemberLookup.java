package io.registry.server.lookup;

import java.util.List;

/**
 * Gives addresses at which members of the cluster may be found. They are to be tried: none of them says that somebody is
 * a member.
 *
 * <p><b>Threading</b>: one thread at a time; may block.
 */
public interface MemberLookup {

    /**
     * Returns the HTTP addresses that are known now, {@code host:port}, each once. Where looking fails, those that were
     * known last; empty where none ever were.
     */
    List<String> addresses();

    /** Returns how many addresses there have to be at least before a cluster is founded. */
    int foundingSize();

    /** Returns how many times looking has begun to fail; any thread. */
    default long errors() {
        return 0;
    }

    /** Returns a word on where the addresses come from, for a line of the log. */
    String describe();
}
