package io.registry.server.lookup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses in a file, one {@code host} or {@code host:port} a line; what follows a {@code #} is a comment. The file is read
 * anew each time it is asked for. One that cannot be read, has a line that is no address, has none at all, or ends amid a
 * line counts as a whole for nothing, and the addresses before hold.
 */
public final class MemberFile implements MemberLookup {

    private static final Logger LOG = LoggerFactory.getLogger(MemberFile.class);
    private static final int BYTES_MAX = 1 << 16;
    private static final int ADDRESSES_MAX = 64;

    private final Path file;
    private final int port;
    private final LongAdder errors = new LongAdder();
    private volatile List<String> good = List.of();
    private String trouble = "";

    /**
     * Makes the lookup; the file need not be there yet.
     *
     * @param port the port of hosts that stand alone
     */
    public MemberFile(Path file, int port) {
        this.file = file;
        this.port = port;
    }

    @Override
    public List<String> addresses() {
        try {
            List<String> addresses = read();
            if (!addresses.equals(good)) {
                good = addresses;
                LOG.info("members are looked for at {}: file={}", addresses, file);
            }
            trouble = "";
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(trouble)) {
                trouble = why;
                errors.increment();
                LOG.warn("the list of members is not used, and the one before is kept: {} kept={}", why, good);
            }
        }
        return good;
    }

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException where it cannot be used; the message names file and line
     */
    public List<String> read() {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IllegalArgumentException(
                        file + ": longer than " + BYTES_MAX + " bytes (expected: a list of addresses)");
            }
            return parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": " + e + " (expected: a file that can be read)", e);
        }
    }

    private List<String> parse(String text) {
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException(
                    file + ": ends amid a line (expected: an end of line after the last address)");
        }
        Set<String> addresses = new LinkedHashSet<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].replaceFirst("#.*", "").trim();
            if (line.isEmpty()) {
                continue;
            }
            try {
                if (!addresses.add(MemberAddress.read(line, port))) {
                    throw new IllegalArgumentException(line + " (expected: each address once)");
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        if (addresses.isEmpty() || addresses.size() > ADDRESSES_MAX) {
            throw new IllegalArgumentException(
                    file + ": " + addresses.size() + " addresses (expected: 1.." + ADDRESSES_MAX + ")");
        }
        return List.copyOf(addresses);
    }

    /** Two at least: one node is no cluster, and its file may only not be complete yet. */
    @Override
    public int foundingSize() {
        return 2;
    }

    @Override
    public long errors() {
        return errors.sum();
    }

    @Override
    public String describe() {
        return file.toString();
    }
}
