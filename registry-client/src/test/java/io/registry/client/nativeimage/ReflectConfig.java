package io.registry.client.nativeimage;

import java.io.InputStream;
import java.lang.reflect.Executable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the jar tells native images about classes that are looked up by name. */
final class ReflectConfig {

    static final String DIRECTORY = "/META-INF/native-image/io.registry/registry-client/";

    private static final Map<String, Class<?>> PRIMITIVES = Map.of("int", int.class, "long", long.class);

    private final Map<String, JsonNode> entries = new LinkedHashMap<>();

    private ReflectConfig() {}

    static ReflectConfig read() throws Exception {
        ReflectConfig config = new ReflectConfig();
        try (InputStream in =
                Objects.requireNonNull(ReflectConfig.class.getResourceAsStream(DIRECTORY + "reflect-config.json"))) {
            for (JsonNode entry : new JsonMapper().readTree(in)) {
                config.entries.put(entry.required("name").asString(), entry);
            }
        }
        return config;
    }

    /** Returns whether a lookup finds in an image what it finds here. */
    boolean covers(Lookups.Lookup lookup) {
        JsonNode entry = entries.get(lookup.type().isEmpty() ? lookup.name() : lookup.type());
        if (entry == null) {
            return false;
        }
        return switch (lookup.finder()) {
            case "forName" -> true;
            case "getMethod" -> entry.path("queryAllPublicMethods").asBoolean(false) || names(entry, lookup.name());
            case "getDeclaredMethod" -> names(entry, lookup.name());
            case "getConstructor", "getDeclaredConstructor" -> names(entry, "<init>");
            case "getConstructors" -> entry.path("allPublicConstructors").asBoolean(false);
            default -> false;
        };
    }

    /** Returns what is told of things that are not there. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        entries.forEach((name, entry) -> {
            try {
                Class<?> type = Class.forName(name, false, ReflectConfig.class.getClassLoader());
                for (JsonNode method : entry.path("methods")) {
                    Class<?>[] parameters = parameters(method);
                    String called = method.required("name").asString();
                    Stream<? extends Executable> all = called.equals("<init>")
                            ? Stream.of(type.getDeclaredConstructors())
                            : Stream.of(type.getMethods())
                                    .filter(each -> each.getName().equals(called));
                    if (all.noneMatch(each -> Arrays.equals(each.getParameterTypes(), parameters))) {
                        missing.add(name + "#" + called);
                    }
                }
            } catch (ClassNotFoundException e) {
                missing.add(name + ": " + e);
            }
        });
        return missing;
    }

    /** Returns the classes and methods that none of these lookups is for. */
    List<String> unused(Iterable<Lookups.Lookup> lookups) {
        List<String> unused = new ArrayList<>();
        entries.forEach((name, entry) -> {
            List<String> wanted = new ArrayList<>(List.of(name));
            for (JsonNode method : entry.path("methods")) {
                wanted.add(name + "#" + method.required("name").asString().replace("<init>", ""));
            }
            for (Lookups.Lookup lookup : lookups) {
                wanted.remove(lookup.type().isEmpty() ? lookup.name() : lookup.type());
                wanted.remove(lookup.type() + "#" + lookup.name());
            }
            unused.addAll(wanted);
        });
        return unused;
    }

    private static boolean names(JsonNode entry, String method) {
        for (JsonNode each : entry.path("methods")) {
            if (each.required("name").asString().equals(method)) {
                return true;
            }
        }
        return false;
    }

    private static Class<?>[] parameters(JsonNode method) throws ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        for (JsonNode each : method.required("parameterTypes")) {
            Class<?> primitive = PRIMITIVES.get(each.asString());
            types.add(
                    primitive != null
                            ? primitive
                            : Class.forName(each.asString(), false, ReflectConfig.class.getClassLoader()));
        }
        return types.toArray(new Class<?>[0]);
    }
}
