package io.registry.server.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A real file system of little space, in memory; tests that need it are skipped where none may be mounted. */
public final class SmallDisk implements AutoCloseable {

    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** Mounts one. */
    public static SmallDisk of(Path path, int bytes) throws IOException {
        Files.createDirectories(path);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "small-disk", path.toString()) == 0,
                "a file system can be mounted here");
        return new SmallDisk(path);
    }

    /** Returns where it is mounted. */
    public Path path() {
        return path;
    }

    /** Takes all the space that is left; returns the file to delete. */
    public Path fill() throws IOException {
        Path ballast = path.resolve("ballast");
        byte[] bytes = new byte[1 << 12];
        try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                channel.write(ByteBuffer.wrap(bytes));
            }
        } catch (IOException e) {
            // That is what full means.
            return ballast;
        }
    }

    @Override
    public void close() {
        if (run("umount", path.toString()) != 0) {
            run("umount", "-l", path.toString());
        }
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // There is no such program.
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }
}
