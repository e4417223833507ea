package io.registry.distro.model;

/**
 * The identity of a client: of a gRPC connection, or of an instance that is kept alive by beats.
 *
 * <p>The id of a connection is never used twice. Ids are ordered as strings.
 *
 * @param value the id; not empty
 */
public record ClientId(String value) implements Comparable<ClientId> {

    /** Refuses an empty id. */
    public ClientId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("client id: empty (expected: at least one character)");
        }
    }

    @Override
    public int compareTo(ClientId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
