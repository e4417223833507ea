package io.registry.server.lookup;

import java.util.List;

/**
 * Addresses that were set once and for all.
 *
 * @param addresses HTTP addresses, {@code host:port}
 */
public record ListedMembers(List<String> addresses) implements MemberLookup {

    /** Keeps the list as it is now. */
    public ListedMembers {
        addresses = List.copyOf(addresses);
    }

    @Override
    public int foundingSize() {
        return addresses.size();
    }

    @Override
    public String describe() {
        return String.join(", ", addresses);
    }
}
