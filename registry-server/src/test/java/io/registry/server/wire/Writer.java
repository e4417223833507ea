package io.registry.server.wire;

import io.registry.server.testkit.RegistryProcess;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One of several that write persistent state at once: instances, overrides and namespaces of its own, one after another,
 * until a write is not acknowledged. It knows what the server has to have afterwards.
 */
final class Writer {

    private static final int THINGS = 8;
    private static final String ABSENT = "absent";
    private static final JsonMapper JSON = new JsonMapper();

    private final int number;
    private final String service;
    private final Random random;

    /** What was acknowledged last, by thing. */
    private final Map<String, String> acknowledged = new LinkedHashMap<>();

    /** What was asked for last and not acknowledged: a thing and what it was to become. */
    private @Nullable String unknownThing;

    private @Nullable String unknownValue;

    Writer(int number, long seed) {
        this.number = number;
        this.service = "writer-" + number;
        this.random = new Random(seed * 31 + number);
        for (int i = 0; i < THINGS; i++) {
            acknowledged.put("instance " + i, ABSENT);
            acknowledged.put("namespace " + i, ABSENT);
            acknowledged.put("override " + i, "");
        }
    }

    /** Makes the instances that overrides are about. */
    void prepare(RegistryProcess server) {
        Http http = new Http(server);
        for (int i = 0; i < THINGS; i++) {
            http.send("POST", "/v1/ns/instance", instance(ip(100 + i)));
        }
    }

    /** Writes until a write is not acknowledged, or it is time to stop. */
    void write(RegistryProcess server, AtomicInteger count, BooleanSupplier stop) {
        Http http = new Http(server);
        List<String> things = new ArrayList<>(acknowledged.keySet());
        while (!stop.getAsBoolean()) {
            String thing = things.get(random.nextInt(things.size()));
            String before = acknowledged.get(thing);
            boolean remove = !thing.startsWith("override") && !ABSENT.equals(before) && random.nextInt(3) == 0;
            String after = remove ? ABSENT : "v" + random.nextInt(1_000);
            unknownThing = thing;
            unknownValue = after;
            try {
                HttpResponse<String> answer = set(http, thing, ABSENT.equals(before), after);
                if (answer.statusCode() != 200) {
                    return;
                }
            } catch (RuntimeException e) {
                // The connection has ended with the server.
                return;
            }
            acknowledged.put(thing, after);
            unknownThing = null;
            count.incrementAndGet();
        }
    }

    private HttpResponse<String> set(Http http, String thing, boolean isNew, String value) {
        String what = thing.substring(0, thing.indexOf(' '));
        int i = Integer.parseInt(thing.substring(what.length() + 1));
        String id = service + "-" + i;
        return switch (what) {
            case "instance" ->
                http.exchange(
                        value.equals(ABSENT) ? "DELETE" : "POST",
                        "/v1/ns/instance",
                        instance(ip(i), "metadata", "{\"v\":\"" + value + "\"}"));
            case "override" ->
                http.exchange("PUT", "/v1/ns/instance", instance(ip(100 + i), "metadata", "{\"v\":\"" + value + "\"}"));
            default ->
                value.equals(ABSENT)
                        ? http.exchange("DELETE", "/v1/console/namespaces", "namespaceId", id)
                        : isNew
                                ? http.exchange(
                                        "POST",
                                        "/v1/console/namespaces",
                                        "customNamespaceId",
                                        id,
                                        "namespaceName",
                                        value)
                                : http.exchange(
                                        "PUT", "/v1/console/namespaces", "namespace", id, "namespaceShowName", value);
        };
    }

    /** Compares what the server has with what it has to have; what it has is the beginning of the next round. */
    void check(RegistryProcess server) {
        String difference = difference(server);
        if (!difference.isEmpty()) {
            throw new AssertionError(difference + "\n" + server.log());
        }
    }

    /** Returns in words how the server differs from what it has to have; empty where it does not. */
    String difference(RegistryProcess server) {
        Map<String, String> actual = read(server);
        for (Map.Entry<String, String> thing : acknowledged.entrySet()) {
            String is = actual.getOrDefault(thing.getKey(), ABSENT);
            boolean attempted = thing.getKey().equals(unknownThing) && is.equals(unknownValue);
            if (!is.equals(thing.getValue()) && !attempted) {
                return service + ": " + thing.getKey() + " is " + is + " (acknowledged: " + thing.getValue()
                        + "; not acknowledged: " + unknownThing + " " + unknownValue + ")";
            }
        }
        acknowledged.putAll(actual);
        unknownThing = null;
        return "";
    }

    private Map<String, String> read(RegistryProcess server) {
        Http http = new Http(server);
        Map<String, String> actual = new LinkedHashMap<>();
        acknowledged.keySet().forEach(thing -> actual.put(thing, thing.startsWith("override") ? "" : ABSENT));
        JsonNode list = JSON.readTree(http.send("GET", "/v1/ns/instance/list", "serviceName", service));
        for (JsonNode host : list.get("hosts")) {
            String ip = host.get("ip").asString();
            int i = Integer.parseInt(ip.substring(ip.lastIndexOf('.') + 1));
            JsonNode value = host.get("metadata").get("v");
            actual.put(i < 100 ? "instance " + i : "override " + (i - 100), value == null ? "" : value.asString());
        }
        JsonNode namespaces = JSON.readTree(http.send("GET", "/v1/console/namespaces"));
        for (JsonNode namespace : namespaces.get("data")) {
            String id = namespace.get("namespace").asString();
            if (id.startsWith(service + "-")) {
                actual.put(
                        "namespace " + id.substring(service.length() + 1),
                        namespace.get("namespaceShowName").asString());
            }
        }
        return actual;
    }

    private Object[] instance(String ip, Object... more) {
        List<Object> parameters =
                new ArrayList<>(List.of("serviceName", service, "ip", ip, "port", 80, "ephemeral", false));
        parameters.addAll(List.of(more));
        return parameters.toArray();
    }

    private String ip(int i) {
        return "10.0." + number + "." + i;
    }
}
