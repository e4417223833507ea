package io.registry.server.boot;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

/**
 * What was set from outside, by file, environment variable, system property or command line, read one by one with its
 * rule. Each refusal names the property, the value, the rule and where the value comes from; {@link #refuseUnknown()}
 * refuses what nobody has asked for.
 *
 * <p>Names are compared without regard to case and dashes. A name from an environment variable has no dots either:
 * {@code REGISTRY_GRPC_SDK_PORT} and {@code REGISTRY_GRPC_SDKPORT} both mean {@code registry.grpc.sdk-port}.
 *
 * <p><b>Threading</b>: one thread, at the start.
 */
final class Settings {

    private static final String PREFIX = "registry.";

    private static final int SHOWN_MAX = 100;

    /** One value; the strength is the place of its source, 0 being the strongest. */
    private record Given(String name, String value, String origin, int strength) {

        /** Returns the value for one line of a log: short, without control characters, and never a secret. */
        String shown() {
            if (name.toLowerCase(Locale.ROOT).matches(".*(secret|password|token).*")) {
                return "***";
            }
            String line = value.replaceAll("\\p{Cntrl}", " ");
            return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "...";
        }
    }

    private final Map<String, Given> byDots = new TreeMap<>();
    private final Map<String, Given> byLetters = new TreeMap<>();
    private final Map<String, String> read = new LinkedHashMap<>();

    /** Collects what the environment holds; of two sources that set the same name the stronger one counts. */
    static Settings of(ConfigurableEnvironment environment) {
        Settings settings = new Settings();
        int strength = 0;
        for (PropertySource<?> source : environment.getPropertySources()) {
            strength++;
            if (!(source instanceof EnumerablePropertySource<?> listed)) {
                continue;
            }
            boolean variables = listed instanceof SystemEnvironmentPropertySource;
            for (String name : listed.getPropertyNames()) {
                Object value = listed.getProperty(name);
                if (value != null) {
                    settings.add(
                            name,
                            environment.resolvePlaceholders(value.toString()),
                            variables,
                            listed.getName(),
                            strength);
                }
            }
        }
        return settings;
    }

    /** Collects the given properties, as if from one file. */
    static Settings of(Map<String, String> properties) {
        Settings settings = new Settings();
        properties.forEach((name, value) -> settings.add(name, value, false, "properties", 0));
        return settings;
    }

    private void add(String name, String value, boolean variable, String source, int strength) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (variable) {
            boolean ours =
                    lower.startsWith("registry_") || lower.equals("server_port") || lower.equals("server_address");
            if (ours && !isServiceLink(lower, value)) {
                byLetters.putIfAbsent(letters(lower), new Given(name, value, "environment variable " + name, strength));
            }
        } else if (lower.startsWith(PREFIX) || lower.equals("server.port") || lower.equals("server.address")) {
            byDots.putIfAbsent(dots(lower), new Given(name, value, source, strength));
        }
    }

    /**
     * Kubernetes gives every container variables that describe the services of its namespace, also one that is called
     * "registry". They are not meant for us.
     */
    private static boolean isServiceLink(String lower, String value) {
        return lower.matches(".*_service_(host|port)(_.*)?")
                || lower.matches(".*_port_\\d+_(tcp|udp|sctp)(_.*)?")
                || (lower.endsWith("_port") && value.matches("(tcp|udp|sctp)://.*"));
    }

    /** Returns a port; 0 means any free one. */
    int port(String name, int standard) {
        return whole(name, standard, 0, 65_535);
    }

    /** Returns a whole number within bounds, both included. */
    int whole(String name, int standard, int min, int max) {
        Given given = take(name, String.valueOf(standard));
        if (given == null) {
            if (!inside(standard, min, max)) {
                throw refusal(name, standard + " by default", range(min, max), null);
            }
            return standard;
        }
        try {
            int value = Integer.parseInt(given.value().trim());
            if (inside(value, min, max)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // refused below, like a number out of bounds
        }
        throw refusal(name, given.value(), range(min, max), given);
    }

    /** Returns a time within bounds, both included. A bare number is in milliseconds. */
    Duration time(String name, Duration standard, Duration min, Duration max) {
        Given given = take(name, brief(standard));
        if (given == null) {
            return standard;
        }
        try {
            Duration value = DurationStyle.detectAndParse(given.value().trim());
            if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
                return value;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // refused below, like a time out of bounds
        }
        throw refusal(
                name,
                given.value(),
                "a time from " + brief(min) + " to " + brief(max) + ", such as " + brief(standard),
                given);
    }

    /** Returns a number of bytes within bounds, both included. A bare number is in bytes. */
    int bytes(String name, DataSize standard, DataSize min, DataSize max) {
        Given given = take(name, brief(standard));
        if (given == null) {
            return Math.toIntExact(standard.toBytes());
        }
        try {
            DataSize value = DataSize.parse(given.value().trim().toUpperCase(Locale.ROOT));
            if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
                return Math.toIntExact(value.toBytes());
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // refused below, like a size out of bounds
        }
        throw refusal(
                name,
                given.value(),
                "a size from " + brief(min) + " to " + brief(max) + ", such as " + brief(standard),
                given);
    }

    /** Returns true or false. */
    boolean truth(String name, boolean standard) {
        return choice(name, String.valueOf(standard), List.of("true", "false")).equals("true");
    }

    /** Returns one of the given words; the default may be another word, which then stands for "not set". */
    String choice(String name, String standard, List<String> words) {
        Given given = take(name, standard);
        if (given == null) {
            return standard;
        }
        String value = given.value().trim();
        if (!words.contains(value)) {
            throw refusal(name, given.value(), String.join(" or ", words), given);
        }
        return value;
    }

    /** Returns words that stand with commas between them; blanks around them do not count. */
    List<String> list(String name, List<String> standard) {
        Given given = take(name, String.join(",", standard));
        if (given == null) {
            return standard;
        }
        return Arrays.stream(given.value().split(",", -1))
                .map(String::trim)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Returns a text, without what surrounds it. */
    String text(String name, String standard) {
        Given given = take(name, standard);
        return given == null ? standard : given.value().trim();
    }

    /** Returns a directory, not necessarily an existing one. */
    Path directory(String name, String standard) {
        Given given = take(name, standard);
        String value = given == null ? standard : given.value();
        try {
            if (!value.isBlank()) {
                return Path.of(value);
            }
        } catch (InvalidPathException e) {
            // refused below, like a blank
        }
        throw refusal(name, value, "a directory", given);
    }

    /** Returns the address to bind to. */
    InetAddress address(String name, String standard) {
        Given given = take(name, standard);
        String value = given == null ? standard : given.value().trim();
        try {
            if (!value.isEmpty()) {
                return InetAddress.getByName(value);
            }
        } catch (UnknownHostException e) {
            // refused below, like a blank
        }
        throw refusal(name, value, "an address of this machine, such as 127.0.0.1 or 0.0.0.0", given);
    }

    /** Returns the refusal of a value that its own rule allows and another one does not. */
    RefusedStart refusal(String name, Object value, String rule) {
        return refusal(name, String.valueOf(value), rule, find(name));
    }

    /** Refuses whatever is set under our prefix and was not read. Call it last. */
    void refuseUnknown() {
        for (Map<String, Given> given : List.of(byDots, byLetters)) {
            for (Map.Entry<String, Given> entry : given.entrySet()) {
                if (read.keySet().stream().noneMatch(name -> names(name, entry.getKey()))) {
                    Given unknown = entry.getValue();
                    throw new RefusedStart(
                            unknown.name() + ": " + unknown.shown() + " (expected: a property that exists"
                                    + nearest(entry.getKey()) + "; from " + unknown.origin() + ")");
                }
            }
        }
    }

    /** Returns the names that were read with their defaults as a person would write them, in order. */
    Map<String, String> standards() {
        return Collections.unmodifiableMap(read);
    }

    private static boolean names(String name, String key) {
        return dots(name).equals(key) || letters(name).equals(key);
    }

    private String nearest(String key) {
        String letters = letters(key);
        return read.keySet().stream()
                .filter(name -> similar(letters(name), letters))
                .findFirst()
                .map(name -> ", such as " + name)
                .orElse("");
    }

    /** Two names are similar that begin alike for all but a few letters of the longer one. */
    private static boolean similar(String one, String other) {
        int same = 0;
        while (same < Math.min(one.length(), other.length()) && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return same >= Math.max(one.length(), other.length()) - 4;
    }

    private @Nullable Given take(String name, String standard) {
        read.put(name, standard);
        return find(name);
    }

    private @Nullable Given find(String name) {
        Given dotted = byDots.get(dots(name));
        Given variable = byLetters.get(letters(name));
        if (dotted == null || variable == null) {
            return dotted == null ? variable : dotted;
        }
        return variable.strength() < dotted.strength() ? variable : dotted;
    }

    private static RefusedStart refusal(String name, String value, String rule, @Nullable Given given) {
        String origin = given == null ? "" : "; from " + given.origin();
        String shown = given == null ? value : given.shown();
        return new RefusedStart(name + ": " + shown + " (expected: " + rule + origin + ")");
    }

    private static boolean inside(int value, int min, int max) {
        return value >= min && value <= max;
    }

    private static String range(int min, int max) {
        return "a whole number from " + min + " to " + max;
    }

    private static String dots(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    private static String letters(String name) {
        return dots(name).replace(".", "");
    }

    private static String brief(Duration time) {
        long millis = time.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 1000 + "s";
    }

    private static String brief(DataSize size) {
        long bytes = size.toBytes();
        if (bytes % 1024 != 0) {
            return bytes + "B";
        }
        return bytes % (1024 * 1024) == 0 ? bytes / (1024 * 1024) + "MB" : bytes / 1024 + "KB";
    }
}
