package io.registry.server.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The headers that a check sends. Whoever may describe a cluster chooses them, so only those on a list are sent; the
 * others are kept and shown, and left out of the request.
 *
 * @param allowed names in lower case; one that ends with an asterisk stands for all that begin so
 */
public record CheckHeaders(List<String> allowed) {

    /** What says who asks and what is accepted, and whatever applications made up themselves. */
    public static final CheckHeaders DEFAULT =
            new CheckHeaders(List.of("accept", "accept-language", "authorization", "cookie", "user-agent", "x-*"));

    /** The longest text of headers that is read. */
    private static final int TEXT_MAX = 4_096;

    /** Keeps the names as they are now, in lower case. */
    public CheckHeaders {
        allowed = allowed.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * Reads headers as clusters have them: entries separated by bars, each a name and a value separated by the only
     * colon. What is not of that form, or could end the header early, is left out.
     */
    List<Map.Entry<String, String>> read(String text) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        if (text.length() > TEXT_MAX) {
            return headers;
        }
        for (String entry : text.split("\\|", -1)) {
            int colon = entry.indexOf(':');
            if (colon <= 0 || entry.indexOf(':', colon + 1) >= 0) {
                continue;
            }
            String name = entry.substring(0, colon).trim();
            String value = entry.substring(colon + 1).trim();
            if (isToken(name) && isText(value) && isAllowed(name.toLowerCase(Locale.ROOT))) {
                headers.add(Map.entry(name, value));
            }
        }
        return headers;
    }

    private boolean isAllowed(String name) {
        for (String each : allowed) {
            boolean all = each.endsWith("*");
            if (all ? name.startsWith(each.substring(0, each.length() - 1)) : name.equals(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c == '-' || c == '_' || c < 128 && Character.isLetterOrDigit(c));
    }

    private static boolean isText(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c < 127);
    }
}
