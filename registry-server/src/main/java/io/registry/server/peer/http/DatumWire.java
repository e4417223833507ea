package io.registry.server.peer.http;

import java.time.Duration;

/** What both sides of the path {@value #PATH} have to agree on. */
final class DatumWire {

    /** The path below the context path; what replicates over HTTP in the 1.x generation comes to the same. */
    static final String PATH = "/v1/ns/distro/datum";

    static final String METHOD = "PUT";

    /** Names the line; absent on the request that opens one, and given in its answer. */
    static final String STREAM = "Registry-Stream";

    /** The number of a request that says something, from 1 on each line. Repeated where the answer got lost. */
    static final String SAY = "Registry-Say";

    /** The number of a request that waits for something to be said to it, counted apart from those that say. */
    static final String LISTEN = "Registry-Listen";

    /**
     * How many requests of this kind have been repeated on this line so far; absent where none was. Of two copies of a
     * request the one with the higher number is the later one, whichever comes first: the connection of the other is gone.
     */
    static final String REPEATS = "Registry-Repeats";

    /** Stands on the last thing that is said, and in the answers that come after it. */
    static final String LAST = "Registry-Last";

    static final String TRUE = "true";
    static final String FRAMES = "application/x-protobuf";
    static final String TEXT = "text/plain;charset=UTF-8";

    /** What was said has been taken; or what is said to the caller, which may be nothing. */
    static final int TAKEN = 200;

    /** What was said has arrived and is not taken yet: the caller asks again with the same number and no body. */
    static final int ARRIVED = 202;

    /** So an installation answers that has not switched this on, as the path has always been answered. */
    static final int OFF = 501;

    /** How many characters the name of a line has: hexadecimal digits. */
    static final int STREAM_DIGITS = 32;

    /** How long a request is kept waiting before it is answered all the same, so that nobody in between gives it up. */
    static final Duration HOLD = Duration.ofSeconds(5);

    /** How long the called waits for any request of a line; the caller has one under way all the time. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    /** How long a caller waits for the answer to a request that waits for {@link #HOLD} at most. */
    static final Duration LISTEN_WITHIN = Duration.ofSeconds(15);

    /** The same where what is said may be long. */
    static final Duration SAY_WITHIN = Duration.ofSeconds(30);

    private DatumWire() {}

    /** Returns whether a text has the form of a line's name. */
    static boolean isStream(String text) {
        return text.length() == STREAM_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }
}
