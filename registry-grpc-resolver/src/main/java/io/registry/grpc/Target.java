package io.registry.grpc;

import io.registry.api.check.Names;
import io.registry.api.model.ServiceKey;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a channel is to: {@code registry:///service?group=G&clusters=a,b}, or {@code
 * registry://host:port/service?servers=host:port&namespace=N} with the same parameters.
 *
 * @param servers addresses of the registry, as the client takes them; empty for a client that the application has
 * @param service the bare name of the service
 * @param group its group
 * @param clusters those of its clusters that count; empty for all
 * @param namespace its namespace; empty for the default one, or the one of the application's client
 */
record Target(String servers, String service, String group, List<String> clusters, String namespace) {

    /** What targets begin with. */
    static final String SCHEME = "registry";

    private static final String FORM =
            "registry:///service or registry://host:port/service, with ?group=, clusters=, servers= and namespace=";
    private static final Set<String> PARAMETERS = Set.of("group", "clusters", "servers", "namespace");

    /**
     * Reads a target.
     *
     * @throws IllegalArgumentException where it is not of the form
     */
    static Target parse(URI uri) {
        String path = uri.getRawPath();
        if (path == null || path.length() < 2 || path.indexOf('/', 1) >= 0) {
            throw invalid(uri, "a path of one name");
        }
        String name = decoded(path.substring(1));
        Map<String, String> parameters = parameters(uri);
        String group = parameters.getOrDefault("group", ServiceKey.DEFAULT_GROUP);
        int separator = name.indexOf(ServiceKey.SEPARATOR);
        if (separator > 0) {
            if (parameters.containsKey("group")) {
                throw invalid(uri, "its group once");
            }
            group = name.substring(0, separator);
            name = name.substring(separator + ServiceKey.SEPARATOR.length());
        }
        List<String> clusters = new ArrayList<>();
        for (String cluster : parameters.getOrDefault("clusters", "").split(",", -1)) {
            if (!cluster.isBlank()) {
                refuse(uri, Names.formatCluster(cluster.strip()));
                clusters.add(cluster.strip());
            }
        }
        refuse(uri, Names.formatService(name));
        refuse(uri, Names.formatGroup(group));
        String servers = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        String further = parameters.getOrDefault("servers", "");
        String namespace = parameters.getOrDefault("namespace", "");
        if (servers.isEmpty() && !(further + namespace).isEmpty()) {
            throw invalid(uri, "servers and namespace only behind a server: the application's client has its own");
        }
        return new Target(
                further.isEmpty() ? servers : servers + "," + further, name, group, List.copyOf(clusters), namespace);
    }

    /** Returns {@code group@@name}, and the clusters where not all count. */
    String shown() {
        return group + ServiceKey.SEPARATOR + service + (clusters.isEmpty() ? "" : " in clusters " + clusters);
    }

    private static Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String query = uri.getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!PARAMETERS.contains(name) || equals < 0) {
                throw invalid(uri, "no parameter " + pair);
            }
            if (parameters.put(name, decoded(pair.substring(equals + 1))) != null) {
                throw invalid(uri, "each parameter once");
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        // Unlike in forms, a plus sign in an address is a plus sign.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static void refuse(URI uri, @Nullable String problem) {
        if (problem != null) {
            throw new IllegalArgumentException("target " + uri + ": " + problem);
        }
    }

    private static IllegalArgumentException invalid(URI uri, String expected) {
        return new IllegalArgumentException("target: " + uri + " (expected: " + FORM + "; " + expected + ")");
    }
}
