package io.registry.junit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The server's executable jar. It is a resource and no dependency, so that neither the server's classes nor the files in
 * its {@code META-INF} are on the class path of the tests.
 */
final class ServerJar {

    /** Names another jar than the one that comes with this module. */
    static final String PROPERTY = "registry.junit.server-jar";

    private static final String RESOURCE = "registry-server.jar";

    private ServerJar() {}

    /**
     * Returns the jar as a file, which is made in a directory where there is none.
     *
     * @throws IllegalStateException where there is no jar
     */
    static Path in(WorkDirectory directory) {
        String named = System.getProperty(PROPERTY, "");
        if (!named.isEmpty()) {
            Path jar = Path.of(named).toAbsolutePath();
            if (!Files.isRegularFile(jar)) {
                throw new IllegalStateException(PROPERTY + ": " + named + " (expected: the server's executable jar)");
            }
            return jar;
        }
        Path jar = directory.path().resolve(RESOURCE);
        if (!Files.exists(jar)) {
            copy(jar);
        }
        return jar;
    }

    private static void copy(Path jar) {
        try (@Nullable InputStream resource = ServerJar.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("no " + RESOURCE + " beside " + ServerJar.class.getName()
                        + " (expected: the jar of registry-junit, or its classes after mvn package, or -D" + PROPERTY
                        + "=<the server's executable jar>)");
            }
            Files.copy(resource, jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
