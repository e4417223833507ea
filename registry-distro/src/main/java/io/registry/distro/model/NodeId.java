package io.registry.distro.model;

/**
 * The identity of a server, made at its first start and kept; its addresses may change, its id does not.
 *
 * <p>Ids are ordered as strings.
 *
 * @param value the id; not empty
 */
public record NodeId(String value) implements Comparable<NodeId> {

    /** Refuses an empty id. */
    public NodeId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("node id: empty (expected: at least one character)");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
