package io.registry.server.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compares JSON by value. The order of keys and of array elements is free; a number with a fraction part differs from one
 * without. Times of day and the path that an error page names are compared by kind only. Rules loosen single places:
 *
 * <ul>
 *   <li>{@code any}: whatever is there, or nothing;
 *   <li>{@code free}: a value of the same kind;
 *   <li>{@code types}: the same keys and kinds all the way down; a recorded null stands for any value;
 *   <li>{@code alike}: as many elements as recorded, each with the keys and kinds of the first;
 *   <li>{@code some}: at least one element, each with the keys and kinds of the first;
 *   <li>{@code has}: every recorded element, and others;
 *   <li>{@code /…/}: a text that matches the regular expression.
 * </ul>
 */
final class JsonDifference {

    private static final Set<String> MOMENTS = Set.of("lastRefTime", "timestamp", "lastUpdatedTime", "lastRefreshTime");

    private final Map<String, String> rules;

    private JsonDifference(Map<String, String> rules) {
        this.rules = rules;
    }

    /** Returns the first difference in words, or null. */
    static @Nullable String between(JsonNode expected, JsonNode actual, Map<String, String> rules) {
        return new JsonDifference(rules).at("", "", expected, actual);
    }

    private @Nullable String at(String pointer, String place, JsonNode expected, JsonNode actual) {
        String rule = rules.getOrDefault(place, "");
        boolean more = rule.equals("has");
        if (!rule.isEmpty() && !more) {
            return byRule(rule, pointer, expected, actual);
        }
        if (expected.isObject() && actual.isObject()) {
            return members(pointer, place, expected, actual);
        }
        if (expected.isArray() && actual.isArray()) {
            return sameElements(pointer, place, expected, actual, more);
        }
        return expected.equals(actual) ? null : pointer + ": " + actual + " (expected " + expected + ")";
    }

    private static @Nullable String byRule(String rule, String pointer, JsonNode expected, JsonNode actual) {
        return switch (rule) {
            case "any" -> null;
            case "free" -> kind(pointer, expected, actual);
            case "types" -> types(pointer, expected, actual);
            case "alike" -> elements(pointer, expected, actual, true);
            case "some" -> elements(pointer, expected, actual, false);
            default -> text(rule.substring(1, rule.length() - 1), pointer, actual);
        };
    }

    private static @Nullable String text(String pattern, String pointer, JsonNode actual) {
        return Pattern.matches(pattern, actual.asString(""))
                ? null
                : pointer + ": " + actual + " (expected a text like " + pattern + ")";
    }

    private @Nullable String members(String pointer, String place, JsonNode expected, JsonNode actual) {
        Set<String> names = new TreeSet<>(expected.propertyNames());
        names.addAll(actual.propertyNames());
        boolean errorPage = expected.has("timestamp");
        for (String name : names) {
            if (rules.getOrDefault(place + "/" + name, "").equals("any")) {
                continue;
            }
            String member = pointer + "/" + name;
            if (!expected.has(name)) {
                return member + ": " + actual.get(name) + " (expected to be absent)";
            }
            if (!actual.has(name)) {
                return member + ": absent (expected " + expected.get(name) + ")";
            }
            JsonNode e = expected.get(name);
            JsonNode a = actual.get(name);
            boolean moment = MOMENTS.contains(name) || errorPage && name.equals("path");
            String difference = moment ? kind(member, e, a) : at(member, place + "/" + name, e, a);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private @Nullable String sameElements(
            String pointer, String place, JsonNode expected, JsonNode actual, boolean more) {
        List<JsonNode> left = new ArrayList<>();
        actual.forEach(left::add);
        for (JsonNode e : expected) {
            int found = -1;
            String nearest = "no element left";
            for (int i = 0; i < left.size() && found < 0; i++) {
                String difference = at(pointer + "/*", place + "/*", e, left.get(i));
                if (difference == null) {
                    found = i;
                } else {
                    nearest = difference;
                }
            }
            if (found < 0) {
                return pointer + ": " + e + " is missing among " + actual + "; " + nearest;
            }
            left.remove(found);
        }
        return more || left.isEmpty() ? null : pointer + ": unexpected elements " + left;
    }

    private static @Nullable String elements(String pointer, JsonNode expected, JsonNode actual, boolean sameSize) {
        if (!actual.isArray() || actual.isEmpty() || sameSize && actual.size() != expected.size()) {
            String wanted = sameSize ? expected.size() + " elements" : "at least one element";
            return pointer + ": " + actual + " (expected " + wanted + ")";
        }
        for (JsonNode a : actual) {
            String difference = types(pointer + "/*", expected.get(0), a);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static @Nullable String types(String pointer, JsonNode expected, JsonNode actual) {
        if (expected.isNull()) {
            return null;
        }
        if (expected.isArray() && actual.isArray()) {
            return expected.isEmpty() || actual.isEmpty() ? null : elements(pointer, expected, actual, false);
        }
        if (!expected.isObject() || !actual.isObject()) {
            return kind(pointer, expected, actual);
        }
        if (!Set.copyOf(expected.propertyNames()).equals(Set.copyOf(actual.propertyNames()))) {
            return pointer + ": keys " + new TreeSet<>(actual.propertyNames()) + " (expected "
                    + new TreeSet<>(expected.propertyNames()) + ")";
        }
        for (String name : expected.propertyNames()) {
            String difference = types(pointer + "/" + name, expected.get(name), actual.get(name));
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static @Nullable String kind(String pointer, JsonNode expected, JsonNode actual) {
        return expected.getNodeType() == actual.getNodeType()
                ? null
                : pointer + ": " + actual + " (expected a value of the kind of " + expected + ")";
    }
}
