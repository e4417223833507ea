package io.registry.server.wire;

import io.registry.server.testkit.Message;
import io.registry.server.testkit.Pushes;
import io.registry.server.testkit.SdkConnection;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A naming client on a registered connection: the requests that SDKs send, with every property that they send, for one
 * namespace and group.
 */
final class Naming implements AutoCloseable {

    static final String NAMESPACE = "public";
    static final String GROUP = "G1";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> HEADERS = Map.of("app", "unknown");

    private final SdkConnection connection;
    private final String namespace;
    private final String group;

    Naming(SdkConnection connection, String namespace, String group) {
        this.connection = connection;
        this.namespace = namespace;
        this.group = group;
    }

    /** Registers a new connection. */
    static Naming on(int port) {
        return new Naming(SdkConnection.register(port), NAMESPACE, GROUP);
    }

    /** Returns the same connection with another group. */
    Naming group(String other) {
        return new Naming(connection, namespace, other);
    }

    /** Returns the same connection with another namespace. */
    Naming namespace(String other) {
        return new Naming(connection, other, group);
    }

    SdkConnection connection() {
        return connection;
    }

    /** Makes an instance as the SDK sends it. */
    static Map<String, Object> instance(String ip, int port, Object... more) {
        Map<String, Object> instance = new LinkedHashMap<>();
        instance.put("ip", ip);
        instance.put("port", port);
        instance.put("weight", 1.0);
        instance.put("healthy", true);
        instance.put("enabled", true);
        instance.put("ephemeral", true);
        instance.put("metadata", Map.of());
        instance.put("instanceHeartBeatInterval", 5000);
        instance.put("instanceHeartBeatTimeOut", 15000);
        instance.put("ipDeleteTimeout", 30000);
        instance.put("instanceIdGenerator", "simple");
        for (int i = 0; i < more.length; i += 2) {
            instance.put((String) more[i], more[i + 1]);
        }
        return instance;
    }

    Message register(String service, Map<String, Object> instance) {
        return send("InstanceRequest", service, "type", "registerInstance", "instance", instance);
    }

    Message register(String service, String ip, int port) {
        return register(service, instance(ip, port));
    }

    Message deregister(String service, String ip, int port) {
        return send("InstanceRequest", service, "type", "deregisterInstance", "instance", instance(ip, port));
    }

    Message batch(String service, List<Map<String, Object>> instances) {
        return send("BatchInstanceRequest", service, "type", "batchRegisterInstance", "instances", instances);
    }

    Message persistent(String type, String service, String ip, int port) {
        Map<String, Object> instance = instance(ip, port, "ephemeral", false);
        return send("PersistentInstanceRequest", service, "type", type, "instance", instance);
    }

    Message query(String service) {
        return query(service, "", false);
    }

    Message query(String service, String clusters, boolean healthyOnly) {
        return send("ServiceQueryRequest", service, "cluster", clusters, "healthyOnly", healthyOnly, "udpPort", 0);
    }

    Message subscribe(String service) {
        return subscribe(service, "");
    }

    Message subscribe(String service, String clusters) {
        return send("SubscribeServiceRequest", service, "subscribe", true, "clusters", clusters);
    }

    Message unsubscribe(String service, String clusters) {
        return send("SubscribeServiceRequest", service, "subscribe", false, "clusters", clusters);
    }

    Message list(int pageNo, int pageSize) {
        return send("ServiceListRequest", "", "pageNo", pageNo, "pageSize", pageSize);
    }

    Message fuzzyWatch(String pattern, String watchType, boolean initializing, List<String> known) {
        return connection.request(
                "NamingFuzzyWatchRequest",
                json(
                        "namespace",
                        namespace,
                        "groupKeyPattern",
                        pattern,
                        "receivedGroupKeys",
                        known,
                        "watchType",
                        watchType,
                        "initializing",
                        initializing),
                HEADERS);
    }

    /** Sends a naming request with further properties, given as names and values in turn. */
    Message send(String type, String service, Object... more) {
        return connection.request(type, body(service, more), HEADERS);
    }

    /** Makes the body of a naming request. */
    String body(String service, Object... more) {
        Object[] all = new Object[6 + more.length];
        Object[] common = {"namespace", namespace, "serviceName", service, "groupName", group};
        System.arraycopy(common, 0, all, 0, 6);
        System.arraycopy(more, 0, all, 6, more.length);
        return json(all);
    }

    /** Waits for a push of a service that fits, skipping others. */
    Message awaitNotify(String service, Predicate<Message> fits) {
        return connection.pushes().await("of " + service, push -> isOf(push, service) && fits.test(push));
    }

    /** Waits for a push that holds just these addresses. */
    Message awaitNotify(String service, String... addresses) {
        List<String> expected = Arrays.stream(addresses).sorted().toList();
        return connection
                .pushes()
                .await(
                        service + " with " + expected,
                        push -> isOf(push, service) && push.addresses().equals(expected));
    }

    /** Fails where a push of a service comes within the time. */
    void expectNoNotify(String service, Duration within) {
        Message push = connection.pushes().poll(within, p -> isOf(p, service));
        if (push != null) {
            throw new AssertionError("a push that nobody wants: " + push);
        }
    }

    Pushes pushes() {
        return connection.pushes();
    }

    @Override
    public void close() {
        connection.close();
    }

    private static boolean isOf(Message push, String service) {
        return push.type().equals("NotifySubscriberRequest")
                && push.serviceInfo().required("name").asString().equals(service);
    }

    private static String json(Object... properties) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("headers", Map.of());
        for (int i = 0; i < properties.length; i += 2) {
            body.put((String) properties[i], properties[i + 1]);
        }
        body.put("module", "naming");
        return JSON.writeValueAsString(body);
    }
}
