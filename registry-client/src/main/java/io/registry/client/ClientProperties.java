package io.registry.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns properties into options. */
final class ClientProperties {

    private static final Logger log = LoggerFactory.getLogger(ClientProperties.class);

    /** Begins the names of properties that are this client's own. */
    private static final String OWN = "registry.";

    /** Begins the names of the TLS settings of the protocol's client. */
    private static final String THEIR_TLS = "nacos.remote.client.rpc.tls.";

    private static final Map<String, BiConsumer<RegistryClient, Entry>> READERS = Map.ofEntries(
            Map.entry("serverAddr", (client, entry) -> client.serverAddr(entry.value)),
            Map.entry("namespace", (client, entry) -> client.namespace(entry.value)),
            Map.entry("contextPath", (client, entry) -> client.contextPath(entry.value)),
            Map.entry("namingLoadCacheAtStart", (client, entry) -> client.loadCacheAtStart(entry.bool())),
            Map.entry("namingPushEmptyProtection", (client, entry) -> client.pushEmptyProtection(entry.bool())),
            Map.entry("namingRequestDomainRetryCount", (client, entry) -> client.singleServerAttempts(entry.whole())),
            Map.entry(
                    "namingRequestDomainMaxRetryCount", (client, entry) -> client.singleServerAttempts(entry.whole())),
            Map.entry("namingCacheRegistryDir", (client, entry) -> client.cacheDirectory(Path.of(entry.value))),
            Map.entry("namingRequestTimeout", (client, entry) -> {
                if (entry.whole() >= 0) {
                    client.requestTimeout(entry.millis());
                }
            }),
            Map.entry("redoDelayTime", (client, entry) -> client.redoInterval(entry.millis())),
            Map.entry("appName", (client, entry) -> client.appName(entry.value)),
            Map.entry("project.name", (client, entry) -> client.appName(entry.value)),
            Map.entry("nacos.server.grpc.port.offset", (client, entry) -> client.grpcPortOffset(entry.whole())),
            Map.entry("nacos.remote.client.grpc.timeout", (client, entry) -> client.requestTimeout(entry.millis())),
            Map.entry("com.alibaba.nacos.client.local.ip", (client, entry) -> client.clientIp(entry.value)),
            Map.entry("nacos.remote.client.rpc.tls.enable", (client, entry) -> client.tls(entry.bool())),
            Map.entry("nacos.remote.client.rpc.tls.trustAll", ClientProperties::refuseAnybody),
            Map.entry("registry.transport", (client, entry) -> client.transport(entry.transport())),
            Map.entry("registry.request-timeout", (client, entry) -> client.requestTimeout(entry.millis())),
            Map.entry("registry.redo-interval", (client, entry) -> client.redoInterval(entry.millis())),
            Map.entry("registry.cache-directory", (client, entry) -> client.cacheDirectory(Path.of(entry.value))),
            Map.entry("registry.app-name", (client, entry) -> client.appName(entry.value)),
            Map.entry("registry.client-ip", (client, entry) -> client.clientIp(entry.value)),
            Map.entry("registry.tls", (client, entry) -> client.tls(entry.bool())),
            Map.entry("registry.grpc-port-offset", (client, entry) -> client.grpcPortOffset(entry.whole())));

    /** Read together with others, below. */
    private static final Set<String> READ_ELSEWHERE = Set.of(
            "username",
            "password",
            "endpoint",
            "endpointPort",
            "endpointContextPath",
            "endpointClusterName",
            "clusterName",
            "nacos.remote.client.rpc.tls.mutualAuth",
            "nacos.remote.client.rpc.tls.trustCollectionChainPath",
            "nacos.remote.client.rpc.tls.certChainFile",
            "nacos.remote.client.rpc.tls.certPrivateKey",
            "registry.tls-trust",
            "registry.tls-certificate",
            "registry.tls-key");

    /** What users of the protocol's client set as properties of the whole process. */
    private static final Set<String> OF_THE_PROCESS = Set.of(
            "nacos.server.grpc.port.offset",
            "nacos.remote.client.grpc.timeout",
            "nacos.remote.client.rpc.tls.enable",
            "nacos.remote.client.rpc.tls.trustAll",
            "com.alibaba.nacos.client.local.ip",
            "project.name");

    private record Entry(String name, String value) {

        boolean bool() {
            return switch (value.toLowerCase(java.util.Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw ClientOptions.invalid(name, value, "true or false");
            };
        }

        int whole() {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw ClientOptions.invalid(name, value, "a whole number");
            }
        }

        Duration millis() {
            return Duration.ofMillis(whole());
        }

        Transport transport() {
            return switch (value) {
                case "grpc" -> Transport.GRPC;
                case "http" -> Transport.HTTP;
                default -> throw ClientOptions.invalid(name, value, "grpc or http");
            };
        }
    }

    private ClientProperties() {}

    static RegistryClient read(Properties properties, Properties process) {
        RegistryClient client = RegistryClient.builder();
        for (String name : new TreeSet<>(OF_THE_PROCESS)) {
            apply(client, name, process.getProperty(name));
        }
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            if (!READERS.containsKey(name) && !READ_ELSEWHERE.contains(name)) {
                if (name.startsWith(OWN)) {
                    throw ClientOptions.invalid(name, properties.getProperty(name, ""), "no such property exists");
                }
                log.debug("property without meaning here: {}", name);
                continue;
            }
            apply(client, name, properties.getProperty(name));
        }
        String user = properties.getProperty("username", "").strip();
        if (!user.isEmpty()) {
            client.credentials(user, properties.getProperty("password", ""));
        }
        String endpoint = properties.getProperty("endpoint", "").strip();
        if (!endpoint.isEmpty()) {
            client.endpoint(endpointUrl(endpoint, properties));
        }
        certificates(
                client,
                name -> properties
                        .getProperty(name, process.getProperty(name, ""))
                        .strip());
        return client;
    }

    private static void apply(RegistryClient client, String name, @org.jspecify.annotations.Nullable String value) {
        BiConsumer<RegistryClient, Entry> reader = READERS.get(name);
        if (reader != null && value != null && !value.isBlank()) {
            reader.accept(client, new Entry(name, value.strip()));
        }
    }

    /** Better no connection than one that anybody may be at the other end of. */
    private static void refuseAnybody(RegistryClient client, Entry entry) {
        if (entry.bool()) {
            throw ClientOptions.invalid(
                    entry.name, entry.value, "false, with nacos.remote.client.rpc.tls.trustCollectionChainPath");
        }
    }

    /** What is named for the protocol's client counts where its TLS is switched on, as it does there. */
    private static void certificates(RegistryClient client, UnaryOperator<String> property) {
        boolean theirs = property.apply(THEIR_TLS + "enable").equalsIgnoreCase("true");
        boolean shown = theirs && property.apply(THEIR_TLS + "mutualAuth").equalsIgnoreCase("true");
        String trust = either(property, "registry.tls-trust", theirs, THEIR_TLS + "trustCollectionChainPath");
        String certificate = either(property, "registry.tls-certificate", shown, THEIR_TLS + "certChainFile");
        String key = either(property, "registry.tls-key", shown, THEIR_TLS + "certPrivateKey");
        if (!trust.isEmpty()) {
            client.tlsTrust(Path.of(trust));
        }
        if (certificate.isEmpty() != key.isEmpty()) {
            throw ClientOptions.invalid(
                    certificate.isEmpty() ? "registry.tls-certificate" : "registry.tls-key",
                    "nothing",
                    "certificate and key, or neither");
        }
        if (!certificate.isEmpty()) {
            client.tlsCertificate(Path.of(certificate), Path.of(key));
        }
    }

    private static String either(UnaryOperator<String> property, String own, boolean alsoTheirs, String their) {
        String value = property.apply(own);
        return value.isEmpty() && alsoTheirs ? property.apply(their) : value;
    }

    private static String endpointUrl(String endpoint, Properties properties) {
        String list =
                properties.getProperty("endpointClusterName", properties.getProperty("clusterName", "serverlist"));
        String context = properties.getProperty("endpointContextPath", properties.getProperty("contextPath", "nacos"));
        String port = properties.getProperty("endpointPort", "8080");
        String url = "http://" + endpoint + ":" + port + "/" + context.replaceAll("^/+|/+$", "") + "/" + list;
        String namespace = properties.getProperty("namespace", "").strip();
        return namespace.isEmpty() ? url : url + "?namespace=" + namespace;
    }
}
