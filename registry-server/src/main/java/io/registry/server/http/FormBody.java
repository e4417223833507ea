package io.registry.server.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the urlencoded body of a request, within a bound of size and of time. Other bodies are left unread. */
final class FormBody {

    /** How long a body may take to arrive: a caller that drips it holds a thread for no longer. */
    private static final Duration TIME_MAX = Duration.ofSeconds(10);

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final byte[] NOTHING = new byte[0];

    private FormBody() {}

    /**
     * Returns the body; empty where there is none, or one of another type.
     *
     * @param bytesMax the largest body
     * @throws TooLarge where there is more
     * @throws TooSlow where it does not arrive in time
     */
    static byte[] read(HttpServletRequest request, int bytesMax) throws IOException {
        if (!isForm(request.getContentType())) {
            return NOTHING;
        }
        long announced = request.getContentLengthLong();
        if (announced == 0) {
            return NOTHING;
        }
        if (announced > bytesMax) {
            throw new TooLarge();
        }
        long start = System.nanoTime();
        InputStream in = request.getInputStream();
        byte[] body = new byte[announced > 0 ? (int) announced : Math.min(1024, bytesMax + 1)];
        int length = 0;
        while (true) {
            if (length == body.length) {
                if (length == announced) {
                    return body;
                }
                if (length > bytesMax) {
                    throw new TooLarge();
                }
                body = Arrays.copyOf(body, Math.min(2 * length, bytesMax + 1));
            }
            int read = in.read(body, length, body.length - length);
            if (read < 0) {
                return Arrays.copyOf(body, length);
            }
            length += read;
            if (System.nanoTime() - start > TIME_MAX.toNanos()) {
                throw new TooSlow();
            }
        }
    }

    private static boolean isForm(@Nullable String contentType) {
        return contentType != null
                && contentType.trim().toLowerCase(Locale.ROOT).startsWith(FORM);
    }

    /** The body has more bytes than are taken. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** The body takes longer than is waited. */
    static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
