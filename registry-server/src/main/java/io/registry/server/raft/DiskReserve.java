package io.registry.server.raft;

import java.io.File;
import java.nio.file.Path;

/**
 * Keeps some of the disk free, so that the log is never caught by a full disk in the middle of an entry.
 *
 * <p><b>Threading</b>: any.
 */
final class DiskReserve {

    private final File directory;
    private final long bytes;

    DiskReserve(Path directory, long bytes) {
        this.directory = directory.toFile();
        this.bytes = bytes;
    }

    /** Returns whether more than the reserve is free; one call of the system. */
    boolean hasRoom() {
        return bytes == 0 || directory.getUsableSpace() >= bytes;
    }

    /** Returns what a write is told that is refused. */
    String refusal() {
        return "the disk of " + directory + " has " + directory.getUsableSpace() + " bytes left (expected: at least "
                + bytes + "; writes are taken again when there is room)";
    }
}
