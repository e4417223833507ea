package io.registry.server.core.event;

import io.registry.distro.model.NodeId;
import io.registry.server.core.account.Account;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for something, and how it came in. For the record only: nothing is decided by it.
 *
 * @param protocol how it came in
 * @param address the other end of the connection, an IP; empty where it is not known
 * @param user the name of who has logged in, or, of who was refused, the name that was given; null where there is none
 * @param via the node at which it came in; null where that is this one
 */
public record Origin(
        Protocol protocol,
        String address,
        @Nullable String user,
        @Nullable NodeId via) {

    /** Cuts a name that nobody has. */
    public Origin {
        if (user != null && user.length() > Account.NAME_MAX) {
            user = user.substring(0, Account.NAME_MAX) + "...";
        }
    }

    /** The ways in. */
    public enum Protocol {
        HTTP(0, "http"),
        GRPC(1, "grpc"),
        /** A port that only members use. */
        PEER(2, "peer");

        private final int number;
        private final String word;

        Protocol(int number, String word) {
            this.number = number;
            this.word = word;
        }

        /** Returns what it is called in answers. */
        public String word() {
            return word;
        }

        /** Returns the number under which it travels. */
        public int number() {
            return number;
        }

        /** Returns the one that travels under a number; of one that is not known, {@link #PEER}, since a member says it. */
        public static Protocol of(int number) {
            return number == HTTP.number ? HTTP : number == GRPC.number ? GRPC : PEER;
        }
    }

    /** Returns the origin of what comes from an address to this node, from nobody who has logged in. */
    public static Origin of(Protocol protocol, String address) {
        return new Origin(protocol, address, null, null);
    }

    /** Returns this, as of a user; null for nobody. */
    public Origin as(@Nullable String name) {
        return new Origin(protocol, address, name, via);
    }

    /** Returns this, as another node sees it. */
    public Origin through(NodeId node) {
        return via == null ? new Origin(protocol, address, user, node) : this;
    }
}
