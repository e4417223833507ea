package io.registry.server.testkit;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server sent: an answer or a push.
 *
 * @param body the JSON of the body
 * @param atNanos when it arrived, on {@link System#nanoTime()}
 */
public record Message(Envelope envelope, JsonNode body, long atNanos) {

    private static final JsonMapper JSON = new JsonMapper();

    static Message decoded(byte[] bytes) {
        Envelope envelope = Envelope.decoded(bytes);
        return new Message(envelope, JSON.readTree(envelope.body()), System.nanoTime());
    }

    /** Returns the type's name. */
    public String type() {
        return envelope.type();
    }

    /** Returns {@code resultCode}; fails where it is absent. */
    public int resultCode() {
        return body.required("resultCode").asInt();
    }

    /** Returns {@code errorCode}, 0 where it is absent. */
    public int errorCode() {
        return body.path("errorCode").asInt(0);
    }

    /** Returns a text property of the body, empty where it is absent. */
    public String text(String property) {
        return body.path(property).asString("");
    }

    /** Returns {@code serviceInfo}; fails where it is absent. */
    public JsonNode serviceInfo() {
        return body.required("serviceInfo");
    }

    /** Returns {@code serviceInfo.hosts}; fails where it is no array. */
    public List<JsonNode> hosts() {
        JsonNode hosts = serviceInfo().required("hosts");
        if (!hosts.isArray()) {
            throw new AssertionError("hosts is no array: " + this);
        }
        List<JsonNode> list = new ArrayList<>();
        hosts.forEach(list::add);
        return list;
    }

    /** Returns the hosts as {@code ip:port}, sorted. */
    public List<String> addresses() {
        return hosts().stream()
                .map(host -> host.required("ip").asString() + ":"
                        + host.required("port").asInt())
                .sorted()
                .toList();
    }

    /** Returns {@code serviceInfo.lastRefTime}. */
    public long lastRefTime() {
        return serviceInfo().required("lastRefTime").asLong();
    }

    @Override
    public String toString() {
        return type() + " " + envelope.text();
    }
}
