package io.registry.server.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the old kind: every instance registers by itself, over HTTP, and beats. */
final class HttpActor implements Actor {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String METADATA = JSON.writeValueAsString(Host.metadata());

    private final Http http;
    private final int number;
    private final List<String> services;
    private final Random random;
    private final Map<String, Map<Integer, Host>> published = new TreeMap<>();

    HttpActor(Http http, int number, List<String> services, long seed) {
        this.http = http;
        this.number = number;
        this.services = services;
        this.random = new Random(seed);
    }

    @Override
    public void act() {
        String service = services.get(random.nextInt(services.size()));
        Map<Integer, Host> own = published.computeIfAbsent(service, key -> new TreeMap<>());
        int port = 1 + random.nextInt(3);
        int dice = random.nextInt(100);
        if (dice < 40) {
            Host host = new Host(ip(), port, cluster(port), 1 + random.nextInt(9), random.nextInt(10) > 0);
            http.send("POST", "/v1/ns/instance", parameters(service, host));
            own.put(port, host);
        } else if (dice < 55) {
            http.send("DELETE", "/v1/ns/instance", parameters(service, new Host(ip(), port, cluster(port), 1, true)));
            own.remove(port);
        } else if (dice < 80) {
            own.values().forEach(host -> beat(service, host));
        } else {
            seeOwn(service, own);
        }
    }

    @Override
    public List<Host> published(String service) {
        return new ArrayList<>(published.getOrDefault(service, Map.of()).values());
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "beating client " + number;
    }

    private void beat(String service, Host host) {
        String answer = http.send(
                "PUT",
                "/v1/ns/instance/beat",
                "serviceName",
                Naming.GROUP + "@@" + service,
                "ip",
                host.ip(),
                "port",
                host.port(),
                "clusterName",
                host.cluster());
        int code = JSON.readTree(answer).path("code").asInt(-1);
        if (code != 10_200) {
            throw new AssertionError(this + " beats for " + host + " of " + service + " and is told " + answer);
        }
    }

    private void seeOwn(String service, Map<Integer, Host> own) {
        String answer = http.send("GET", "/v1/ns/instance/list", "serviceName", Naming.GROUP + "@@" + service);
        List<JsonNode> hosts = new ArrayList<>();
        JSON.readTree(answer).required("hosts").forEach(host -> {
            if (host.required("ip").asString().equals(ip())) {
                hosts.add(host);
            }
        });
        if (!Host.seen(hosts).equals(Host.seen(own.values(), ""))) {
            throw new AssertionError(this + " does not see its own writes: " + own + " but " + answer);
        }
    }

    private Object[] parameters(String service, Host host) {
        return new Object[] {
            "serviceName", Naming.GROUP + "@@" + service,
            "ip", host.ip(),
            "port", host.port(),
            "clusterName", host.cluster(),
            "weight", host.weight(),
            "enabled", host.enabled(),
            "ephemeral", true,
            "metadata", METADATA
        };
    }

    private String ip() {
        return "10.2.0." + number;
    }

    /** One cluster for each port: over HTTP the same address in another cluster would be the same instance. */
    private static String cluster(int port) {
        return port % 2 == 0 ? "c1" : "c2";
    }
}
