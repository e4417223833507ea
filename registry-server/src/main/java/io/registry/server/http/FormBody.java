package io.registry.server.http;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the urlencoded body of one request as it arrives, and throws away one of another type. It holds no more than
 * has arrived, so that a caller who announces much and sends little costs little.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class FormBody {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final byte[] NOTHING = new byte[0];

    /**
     * How much of a body that is too large is read, in bytes, so that its sender sees the answer and not a broken
     * connection.
     */
    private static final int THROWN_AWAY_BYTES_MAX = 32 * 1024 * 1024;

    /** What is made room for at first, in bytes: most bodies are shorter. */
    private static final int FIRST_ROOM = 2_048;

    private final BodyBudget budget;
    private final long announced;
    private boolean kept;
    private boolean tooLarge;
    private byte[] bytes = NOTHING;
    private int length;
    private int taken;

    /** How many bytes have come, which is more than there are in the array where they are thrown away. */
    private int count;

    private FormBody(BodyBudget budget, long announced, boolean kept) {
        this.budget = budget;
        this.announced = announced;
        this.kept = kept;
    }

    /**
     * Begins to gather the body of a request; null where there is none. One that announces more than is taken is thrown
     * away.
     */
    static @Nullable FormBody of(HttpServletRequest request, BodyBudget budget) {
        long announced = request.getContentLengthLong();
        if (!isAnnounced(request)) {
            return null;
        }
        FormBody body = new FormBody(budget, announced, isForm(request.getContentType()));
        if (announced > budget.bodyBytesMax()) {
            body.throwAway();
        }
        return body;
    }

    /** Returns whether a body follows the headers of a request, of whatever type. */
    static boolean isAnnounced(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return length > 0 || (length < 0 && request.getHeader("Transfer-Encoding") != null);
    }

    /** Returns whether everything that was announced has arrived, so that reading it does not wait. */
    boolean hasArrived(ServletInputStream in) throws IOException {
        return announced > 0 && in.available() >= announced;
    }

    /**
     * Reads on.
     *
     * @return whether this was the end of the body; where not, the stream has more or is at its end
     * @throws TooLarge where even more came than is thrown away
     * @throws BodyBudget.Exhausted where there is no room for more bodies
     */
    boolean read(ServletInputStream in) throws IOException {
        if (count == announced) {
            return true;
        }
        if (length == bytes.length) {
            grow();
        }
        int more = in.read(bytes, length, bytes.length - length);
        if (more < 0) {
            return true;
        }
        count += more;
        if (count > budget.bodyBytesMax()) {
            throwAway();
        }
        if (tooLarge && count > THROWN_AWAY_BYTES_MAX) {
            throw new TooLarge();
        }
        length = kept ? count : 0;
        return count == announced;
    }

    /** Returns what was read; nothing of a body of another type. */
    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Returns whether there is more than is taken, as far as is known. */
    boolean isTooLarge() {
        return tooLarge;
    }

    private void throwAway() {
        tooLarge = true;
        kept = false;
    }

    /** Gives back the room. To be called once, when nobody reads any more. */
    void release() {
        budget.release(taken);
        taken = 0;
    }

    private void grow() throws IOException {
        long wanted = Math.max(FIRST_ROOM, 2L * length);
        // One byte more than is taken shows that there is more, where no length was announced.
        int room = (int) Math.min(wanted, announced > 0 ? announced : budget.bodyBytesMax() + 1L);
        budget.take(room - taken);
        taken = room;
        bytes = Arrays.copyOf(bytes, room);
    }

    private static boolean isForm(@Nullable String contentType) {
        return contentType != null
                && contentType.trim().toLowerCase(Locale.ROOT).startsWith(FORM);
    }

    /** The body has more bytes than are taken. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
