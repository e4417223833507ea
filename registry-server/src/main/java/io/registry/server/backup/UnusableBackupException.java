package io.registry.server.backup;

import java.io.IOException;

/** A file that is no backup, is damaged, or was written by a newer server; the message names it and says which. */
public final class UnusableBackupException extends IOException {

    private static final long serialVersionUID = 1L;

    UnusableBackupException(String message) {
        super(message);
    }
}
