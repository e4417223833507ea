package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.persistent.Switches;
import io.registry.server.http.JsonText;
import io.registry.server.http.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The switches of the protocol: which values they take, in which words they refuse others, and how they are shown. Many
 * have no effect any more; they are kept because scripts set and read them.
 */
final class SwitchTable {

    /** Paths that are turned away: {@code url:status}, separated by commas. */
    static final String LIMITED_URLS = "limitedUrlMap";

    private static final Set<String> PUSH_TYPES = Set.of("java", "go", "python", "c", "csharp");

    /** The longest value of a switch that takes any text. */
    private static final int TEXT_MAX = 4096;

    /** What is to be stored. */
    record Setting(String entry, String value) {}

    private SwitchTable() {}

    /**
     * Checks a value.
     *
     * @return what to store; null where the entry is not known or cannot be set, which is no error
     * @throws RegistryException where the value is not one of the entry's
     */
    static @Nullable Setting check(String entry, String value) {
        return switch (entry) {
            case Switches.PUSH_CACHE_MILLIS ->
                atLeast(entry, value, 10_000, "min cache time for http or tcp is too small(<10000)");
            case "defaultCacheMillis" -> atLeast(entry, value, 1_000, "min default cache time  is too small(<1000)");
            case "serverStatusSynchronizationPeriodMillis" ->
                atLeast(entry, value, 1_000, "serverStatusSynchronizationPeriodMillis is too small(<15000)");
            case "serviceStatusSynchronizationPeriodMillis" ->
                atLeast(entry, value, 5_000, "serviceStatusSynchronizationPeriodMillis is too small(<5000)");
            case Switches.CLIENT_BEAT_INTERVAL, "distroServerExpiredMillis" ->
                new Setting(entry, Long.toString(Numbers.wide(value)));
            case "healthCheckTimes" -> new Setting(entry, Integer.toString(Numbers.integer(value)));
            case Switches.LIGHT_BEAT_ENABLED, "autoChangeHealthCheckEnabled" ->
                new Setting(entry, Boolean.toString(isTruthWord(value)));
            case Switches.PUSH_ENABLED,
                    Switches.DEFAULT_INSTANCE_EPHEMERAL,
                    Switches.CHECK,
                    "distro",
                    "disableAddIP",
                    "sendBeatOnly" -> new Setting(entry, Boolean.toString(value.equalsIgnoreCase("true")));
            case "pushVersion" -> pushVersion(value);
            case "distroThreshold" -> threshold(entry, value);
            case "httpHealthParams", "tcpHealthParams" -> healthParams(entry, value, true);
            case "mysqlHealthParams" -> healthParams(entry, value, false);
            case LIMITED_URLS -> limits(value);
            case Switches.OVERRIDDEN_SERVER_STATUS, "masters" -> text(entry, value);
            default -> null;
        };
    }

    private static Setting atLeast(String entry, String value, long least, String refusal) {
        long number = Numbers.wide(value);
        if (number < least) {
            throw refused(refusal);
        }
        return new Setting(entry, Long.toString(number));
    }

    private static boolean isTruthWord(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "y", "on", "t" -> true;
            default -> false;
        };
    }

    private static Setting pushVersion(String value) {
        int colon = value.indexOf(':');
        String version = value.substring(colon + 1);
        if (colon < 0 || !isVersion(version)) {
            throw refused("illegal version, must match: [0-9]+\\.[0-9]+\\.[0-9]+");
        }
        String type = value.substring(0, colon);
        if (!PUSH_TYPES.contains(type)) {
            throw refused("unsupported client type: " + type);
        }
        return new Setting(versionEntry(type), version);
    }

    private static String versionEntry(String type) {
        return switch (type) {
            case "java" -> "pushJavaVersion";
            case "go" -> "pushGoVersion";
            case "python" -> "pushPythonVersion";
            case "c" -> "pushCVersion";
            default -> "pushCSharpVersion";
        };
    }

    private static boolean isVersion(String text) {
        int parts = 1;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && digits > 0) {
                parts++;
                digits = 0;
            } else if (c >= '0' && c <= '9' && digits < 9) {
                digits++;
            } else {
                return false;
            }
        }
        return parts == 3 && digits > 0;
    }

    private static Setting threshold(String entry, String value) {
        float threshold = (float) Numbers.real(value);
        if (!(threshold > 0) || Float.isInfinite(threshold)) {
            throw refused("distroThreshold can not be zero or negative: " + threshold);
        }
        return new Setting(entry, Float.toString(threshold));
    }

    private static Setting healthParams(String entry, String value, boolean bounded) {
        Map<String, @Nullable Object> json = JsonText.object(value);
        if (json == null) {
            throw refused("json param invalid.");
        }
        int max = number(json, "max", 5_000);
        int min = number(json, "min", 500);
        String factorText = JsonText.scalar(json, "factor");
        float factor = factorText == null ? 0.85f : (float) Numbers.real(factorText);
        if (bounded && max < 3_000) {
            throw refused("max check time for http or tcp is too small(<3000)");
        }
        if (bounded && min < 500) {
            throw refused("min check time for http or tcp is too small(<500)");
        }
        if (!(factor >= 0 && factor <= 1)) {
            throw refused("malformed factor");
        }
        return new Setting(entry, paramsJson(max, min, factor));
    }

    private static int number(Map<String, @Nullable Object> json, String name, int otherwise) {
        String text = JsonText.scalar(json, name);
        return text == null ? otherwise : Numbers.integer(text);
    }

    private static String paramsJson(int max, int min, float factor) {
        return "{\"max\":" + max + ",\"min\":" + min + ",\"factor\":" + factor + "}";
    }

    private static Setting limits(String value) {
        if (value.isEmpty()) {
            return new Setting(LIMITED_URLS, "");
        }
        for (String limit : value.split(",", -1)) {
            int colon = limit.lastIndexOf(':');
            if (colon < 0) {
                throw refused("invalid input for limited urls");
            }
            if (limit.substring(0, colon).isBlank()) {
                throw refused("url can not be empty, url: " + limit.substring(0, colon));
            }
            int status = Numbers.integer(limit.substring(colon + 1));
            if (status < 200 || status > 599) {
                throw refused("illegal normal status code: " + status);
            }
        }
        return text(LIMITED_URLS, value);
    }

    private static Setting text(String entry, String value) {
        if (value.length() > TEXT_MAX) {
            throw refused(entry + ": " + value.length() + " characters (expected: at most " + TEXT_MAX + ")");
        }
        return new Setting(entry, value);
    }

    private static RegistryException refused(String text) {
        return new RegistryException(ErrorCode.INVALID_PARAMETER, text);
    }

    /** Shows all switches, in the words of the first and second API. */
    static Utf8Json show(Switches switches) {
        return show(switches, false);
    }

    /** Shows all switches; the third API has other names for the agents' versions. */
    static Utf8Json show(Switches switches, boolean third) {
        Utf8Json body = new Utf8Json(1536).beginObject();
        list("masters", switches.set("masters"), body);
        body.name("adWeightMap").beginObject().endObject();
        body.field("defaultPushCacheMillis", switches.pushCacheMillis());
        body.field("clientBeatInterval", switches.clientBeatInterval());
        body.field("defaultCacheMillis", switches.number("defaultCacheMillis", 3_000));
        String threshold = switches.set("distroThreshold");
        body.field("distroThreshold", threshold == null ? 0.7 : Double.parseDouble(threshold));
        body.field("healthCheckEnabled", switches.checkEnabled());
        body.field("autoChangeHealthCheckEnabled", switches.truth("autoChangeHealthCheckEnabled", true));
        body.field("distroEnabled", switches.truth("distro", true));
        body.field("enableStandalone", true);
        body.field("pushEnabled", switches.pushEnabled());
        body.field("checkTimes", switches.number("healthCheckTimes", 3));
        json("httpHealthParams", paramsJson(5_000, 500, 0.85f), switches, body);
        json("tcpHealthParams", paramsJson(5_000, 1_000, 0.75f), switches, body);
        json("mysqlHealthParams", paramsJson(3_000, 2_000, 0.65f), switches, body);
        body.name("incrementalList").beginArray().endArray();
        for (String period :
                new String[] {"serverStatusSynchronizationPeriodMillis", "serviceStatusSynchronizationPeriodMillis"}) {
            body.field(period, switches.number(period, period.startsWith("server") ? 2_000 : 5_000));
        }
        body.field("disableAddIP", switches.truth("disableAddIP", false));
        body.field("sendBeatOnly", switches.truth("sendBeatOnly", false));
        body.field("lightBeatEnabled", switches.lightBeatEnabled());
        limitMap(switches.set(LIMITED_URLS), body);
        body.field("distroServerExpiredMillis", switches.number("distroServerExpiredMillis", 10_000));
        version("pushGoVersion", third ? "pushVersionOfGo" : "pushGoVersion", "0.1.0", switches, body);
        version("pushJavaVersion", third ? "pushVersionOfJava" : "pushJavaVersion", "0.1.0", switches, body);
        version("pushPythonVersion", third ? "pushVersionOfPython" : "pushPythonVersion", "0.4.3", switches, body);
        version("pushCVersion", third ? "pushVersionOfC" : "pushCVersion", "1.0.12", switches, body);
        version("pushCSharpVersion", third ? "pushVersionOfCsharp" : "pushCSharpVersion", "0.9.0", switches, body);
        body.field("enableAuthentication", false);
        String status = switches.overriddenServerStatus();
        // Never set and set to nothing are told apart.
        boolean cleared = status == null && switches.set(Switches.OVERRIDDEN_SERVER_STATUS) != null;
        body.field("overriddenServerStatus", cleared ? "" : status);
        body.field("defaultInstanceEphemeral", switches.defaultInstanceEphemeral());
        body.name("healthCheckWhiteList").beginArray().endArray();
        body.field("name", "00-00---000-NACOS_SWITCH_DOMAIN-000---00-00");
        return body.field("checksum", (String) null).endObject();
    }

    private static void list(String name, @Nullable String value, Utf8Json body) {
        if (value == null) {
            body.field(name, (String) null);
            return;
        }
        body.name(name).beginArray();
        for (String item : value.split(",", -1)) {
            body.value(item);
        }
        body.endArray();
    }

    private static void json(String name, String otherwise, Switches switches, Utf8Json body) {
        String value = switches.set(name);
        body.name(name).rawValue((value == null ? otherwise : value).getBytes(StandardCharsets.UTF_8));
    }

    private static void limitMap(@Nullable String limits, Utf8Json body) {
        body.name(LIMITED_URLS).beginObject();
        if (limits != null && !limits.isEmpty()) {
            for (String limit : limits.split(",", -1)) {
                int colon = limit.lastIndexOf(':');
                body.field(limit.substring(0, colon), Integer.parseInt(limit.substring(colon + 1)));
            }
        }
        body.endObject();
    }

    private static void version(String entry, String shown, String otherwise, Switches switches, Utf8Json body) {
        String value = switches.set(entry);
        body.field(shown, value == null ? otherwise : value);
    }
}
