package io.registry.server.raft;

import java.io.IOException;

/**
 * The log cannot be opened, or this server must not go on with it. The message is complete: it names the place, and says
 * what an operator can do.
 */
public final class UnusableLogException extends IOException {

    private static final long serialVersionUID = 1L;

    UnusableLogException(String message) {
        super(message);
    }
}
