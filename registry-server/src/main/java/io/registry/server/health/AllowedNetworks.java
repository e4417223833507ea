package io.registry.server.health;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where checks may go. What clients register decides which addresses this node connects to, so some are never asked:
 * link-local addresses, behind which clouds keep the secrets of their machines, multicast, and the unspecified address.
 */
public final class AllowedNetworks {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Network(byte[] address, int bits) {

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (address[i] != other[i]) {
                    return false;
                }
            }
            int rest = bits % 8;
            int mask = 0xff << 8 - rest;
            return rest == 0 || ((address[whole] ^ other[whole]) & mask & 0xff) == 0;
        }
    }

    private final List<Network> networks;

    private AllowedNetworks(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * Reads networks.
     *
     * @param cidrs such as {@code 10.0.0.0/8} or {@code fd00::/8}; none for all
     * @throws IllegalArgumentException for what is none, with the text and the rule
     */
    public static AllowedNetworks of(List<String> cidrs) {
        List<Network> networks = new ArrayList<>();
        for (String cidr : cidrs) {
            networks.add(network(cidr));
        }
        return new AllowedNetworks(List.copyOf(networks));
    }

    private static Network network(String cidr) {
        int slash = cidr.indexOf('/');
        String host = slash < 0 ? cidr : cidr.substring(0, slash);
        try {
            if (isLiteral(host)) {
                byte[] address = InetAddress.getByName(host).getAddress();
                int bits = slash < 0 ? address.length * 8 : Integer.parseInt(cidr.substring(slash + 1));
                if (bits >= 0 && bits <= address.length * 8) {
                    return new Network(address, bits);
                }
            }
        } catch (UnknownHostException | NumberFormatException e) {
            throw refusal(cidr, e);
        }
        throw refusal(cidr, null);
    }

    private static IllegalArgumentException refusal(String cidr, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "network: " + cidr + " (expected: an IP address and a number of bits, such as 10.0.0.0/8)", cause);
    }

    /** Returns whether a host is an IP address, and not a name to be looked up. */
    static boolean isLiteral(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    /** Returns whether a check may go there. */
    public boolean allows(InetAddress address) {
        if (address.isLinkLocalAddress() || address.isMulticastAddress() || address.isAnyLocalAddress()) {
            return false;
        }
        if (networks.isEmpty()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        for (Network network : networks) {
            if (network.contains(bytes)) {
                return true;
            }
        }
        return false;
    }
}
