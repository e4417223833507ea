package io.registry.server.peer.http;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a request say.
 *
 * @param stream the name of its line; null where it opens one
 * @param says whether it says something; otherwise it waits for something
 * @param number its number
 * @param repeats how many of its kind have been repeated before it came
 * @param last whether nothing is said after it
 */
record DatumRequest(@Nullable String stream, boolean says, long number, long repeats, boolean last) {

    /** Enough for a request a microsecond, for ten thousand years. */
    private static final int DIGITS_MAX = 18;

    /** Reads headers. */
    static DatumRequest of(HttpServletRequest request) throws Malformed {
        String stream = request.getHeader(DatumWire.STREAM);
        if (stream != null && !DatumWire.isStream(stream)) {
            throw new Malformed(
                    DatumWire.STREAM + ": malformed (expected: " + DatumWire.STREAM_DIGITS + " hexadecimal digits)");
        }
        String says = request.getHeader(DatumWire.SAY);
        String listens = request.getHeader(DatumWire.LISTEN);
        if ((says == null) == (listens == null)) {
            throw new Malformed(DatumWire.SAY + ", " + DatumWire.LISTEN + ": " + (says == null ? "none" : "both")
                    + " (expected: one of them)");
        }
        long number = says == null ? number(DatumWire.LISTEN, listens) : number(DatumWire.SAY, says);
        if (stream == null && (says == null || number != 1)) {
            throw new Malformed(DatumWire.STREAM + ": none (expected: one, but for " + DatumWire.SAY + ": 1)");
        }
        String repeated = request.getHeader(DatumWire.REPEATS);
        long repeats = repeated == null ? 0 : number(DatumWire.REPEATS, repeated);
        return new DatumRequest(
                stream, says != null, number, repeats, DatumWire.TRUE.equals(request.getHeader(DatumWire.LAST)));
    }

    private static long number(String header, @Nullable String text) throws Malformed {
        if (text == null
                || text.isEmpty()
                || text.length() > DIGITS_MAX
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Malformed(header + ": malformed (expected: a number from 1)");
        }
        return Long.parseLong(text);
    }

    /** The headers say nothing that could be done. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }
}
