package io.registry.client.server;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where a server is.
 *
 * @param scheme {@code http} or {@code https}, for calls over HTTP
 * @param host its name or IP; an IPv6 address without brackets
 * @param port its HTTP port, 1..65535
 */
public record ServerAddress(String scheme, String host, int port) {

    /** The port of an address that names none. */
    public static final int DEFAULT_PORT = 8848;

    /**
     * Reads an address: {@code host}, {@code host:port}, {@code [ipv6]:port}, each maybe with {@code http://} or
     * {@code https://} before it.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static ServerAddress parse(String text) {
        String rest = text.strip();
        String scheme = "http";
        int colons = rest.indexOf("://");
        if (colons >= 0) {
            scheme = rest.substring(0, colons);
            rest = rest.substring(colons + 3);
        }
        int slash = rest.indexOf('/');
        if (slash >= 0) {
            rest = rest.substring(0, slash);
        }
        String host = rest;
        int port = DEFAULT_PORT;
        int bracket = rest.lastIndexOf(']');
        int colon = rest.lastIndexOf(':');
        boolean bareIpv6 = bracket < 0 && colon != rest.indexOf(':');
        if (colon > bracket && !bareIpv6) {
            host = rest.substring(0, colon);
            port = port(text, rest.substring(colon + 1));
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.indexOf(':') >= 0 && !isIpv6(host)) {
            throw malformed(text);
        }
        if (host.isEmpty() || !scheme.equals("http") && !scheme.equals("https")) {
            throw malformed(text);
        }
        return new ServerAddress(scheme, host, port);
    }

    /** Within brackets nothing is looked up: it is an address or refused. */
    private static boolean isIpv6(String host) {
        try {
            return InetAddress.getByName("[" + host + "]") != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, with the whole address.
        }
        throw malformed(text);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("serverAddr: " + text
                + " (expected: host or host:port, port 1..65535, maybe after http:// or https://)");
    }

    /** Returns whether the host is an IP, which needs no resolving. */
    public boolean isLiteral() {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if ((c < '0' || c > '9') && c != '.') {
                return false;
            }
        }
        return true;
    }

    /** Returns {@code scheme://host:port}. */
    public String url() {
        return scheme + "://" + this;
    }

    /** Returns {@code host:port}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Returns this host with another port, as it stands in an address. */
    public String authority(int otherPort) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + otherPort;
    }
}
