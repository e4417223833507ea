package io.registry.server.lookup;

import java.util.regex.Pattern;

/** What an address of a member looks like. */
public final class MemberAddress {

    private static final Pattern FORM =
            Pattern.compile("(?<host>[^:\\s,#\\[\\]/]+|\\[[0-9a-fA-F:.]+])(:(?<port>[1-9]\\d{0,4}))?");

    private static final int LENGTH_MAX = 300;
    private static final int PORT_MAX = 65_535;

    private MemberAddress() {}

    /**
     * Reads {@code host:port}, with an IPv6 host in brackets.
     *
     * @throws IllegalArgumentException where it is anything else; the message says what was expected
     */
    public static String read(String text) {
        return read(text, 0, "host:port");
    }

    /**
     * Reads {@code host:port} or {@code host}.
     *
     * @param port the port where none is given
     * @throws IllegalArgumentException where it is anything else; the message says what was expected
     */
    public static String read(String text, int port) {
        return read(text, port, "host or host:port");
    }

    private static String read(String text, int port, String expected) {
        var match = FORM.matcher(text);
        if (text.length() <= LENGTH_MAX && match.matches()) {
            String given = match.group("port");
            int number = given == null ? port : Integer.parseInt(given);
            if (number > 0 && number <= PORT_MAX) {
                return match.group("host") + ":" + number;
            }
        }
        String shown = text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) + "..." : text;
        throw new IllegalArgumentException(shown + " (expected: " + expected + ")");
    }
}
