package io.registry.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The temporary directory of one registry: the server's jar, its data, and the cache of its clients. */
record WorkDirectory(Path path) {

    /** A client may be writing its cache while the directory goes; then it is gone through again. */
    private static final int DELETE_ROUNDS = 5;

    private static final String PREFIX = "registry-junit-";

    static WorkDirectory create() {
        try {
            return new WorkDirectory(Files.createTempDirectory(PREFIX));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the working directory of this process.
     *
     * @throws IllegalStateException where it is none that was made for a registry, and not to be deleted
     */
    static WorkDirectory ofThisProcess() {
        Path path = Path.of("").toAbsolutePath();
        Path name = path.getFileName();
        if (name == null || !name.toString().startsWith(PREFIX)) {
            throw new IllegalStateException("working directory: " + path + " (expected: " + PREFIX + "...)");
        }
        return new WorkDirectory(path);
    }

    Path data() {
        return path.resolve("data");
    }

    Path clientCache() {
        return path.resolve("client-cache");
    }

    /** Deletes it with all that is in it, as far as the system lets it. */
    void delete() {
        for (int round = 0; round < DELETE_ROUNDS && Files.exists(path); round++) {
            try (Stream<Path> files = Files.walk(path)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | UncheckedIOException e) {
                // Somebody writes into it: the next round sees what is left.
            }
        }
    }
}
