package io.registry.server.node;

import io.registry.distro.model.NodeId;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.UUID;

/**
 * Who this node is: an id made at its first start, and an incarnation that rises at every start. Both are kept in the
 * data directory, which is locked while the node lives.
 *
 * <p>A copy of the directory would be a second node of the same id. It is known by the number that the file system gave
 * to the lock file, which a copy does not keep; where a file system has no such numbers, a copy is not found out.
 */
public final class NodeIdentity implements AutoCloseable {

    private static final String FILE = "node.properties";
    private static final String ID = "id";
    private static final String INCARNATION = "incarnation";
    private static final String PLACE = "place";
    private static final String LOCK = "lock";

    private final NodeId id;
    private final long incarnation;
    private final FileChannel channel;
    private final FileLock lock;

    private NodeIdentity(NodeId id, long incarnation, FileChannel channel, FileLock lock) {
        this.id = id;
        this.incarnation = incarnation;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes a data directory, making it where it is not there.
     *
     * @param moved whether an operator says that the directory was brought here and the original is used no more
     * @throws IOException where it cannot be written, is in use, or its identity cannot be read; the message says which
     *     and what to do
     */
    public static NodeIdentity take(Path directory, boolean moved) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel, directory);
            Path file = directory.resolve(FILE);
            Properties properties = read(file);
            String id = properties.getProperty(ID, UUID.randomUUID().toString());
            long incarnation = incarnation(file, properties) + 1;
            String place = place(directory.resolve(LOCK));
            String before = properties.getProperty(PLACE, place);
            if (!before.equals(place) && !moved) {
                throw new IOException("registry.data-dir: " + directory + " is a copy (expected: the directory itself;"
                        + " where the original is used no more, start once with --registry.data-dir-moved=true)");
            }
            AtomicFile.write(
                    file,
                    (ID + "=" + id + "\n" + INCARNATION + "=" + incarnation + "\n" + PLACE + "=" + place + "\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new NodeIdentity(new NodeId(id), incarnation, channel, lock);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock lock(FileChannel channel, Path directory) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException("registry.data-dir: " + directory + " is in use by another process (expected: a"
                    + " directory of this node alone; set registry.data-dir)");
        }
        return lock;
    }

    private static String place(Path lock) throws IOException {
        try {
            return Files.getAttribute(lock, "unix:ino").toString();
        } catch (UnsupportedOperationException e) {
            return "";
        }
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            properties.load(new StringReader(Files.readString(file)));
        }
        return properties;
    }

    private static long incarnation(Path file, Properties properties) throws IOException {
        String text = properties.getProperty(INCARNATION, "0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(
                    file + ": " + INCARNATION + "=" + text + " (expected: a whole number; restore the file)", e);
        }
    }

    /** Returns the id. */
    public NodeId id() {
        return id;
    }

    /** Returns the incarnation: 1 at the first start. */
    public long incarnation() {
        return incarnation;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
