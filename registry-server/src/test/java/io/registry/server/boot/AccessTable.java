package io.registry.server.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a table says that calls ask of their callers, and what follows from it for each of these. A line is {@code name | need
 * verb scope}, where words of its own may follow: another scope is that of a call which names nothing, and a number is the
 * status, or over gRPC the error, that whoever is let in is answered with, where it is meant to be just that.
 */
final class AccessTable {

    /** What someone is told who is known and may not do what they ask for. */
    static final String DENIED = "authorization failed!";

    private static final String ANY = "*";

    private AccessTable() {}

    /**
     * Services, each part by its name or {@code *}: what a call is about, and what somebody has been granted.
     *
     * @param service the bare name
     */
    record Services(String namespace, String group, String service) {

        /** Returns whether all of these are among others. Part by part: here, a pattern is a name or stands for all. */
        boolean among(Services others) {
            return fits(others.namespace, namespace) && fits(others.group, group) && fits(others.service, service);
        }

        private static boolean fits(String pattern, String name) {
            return pattern.equals(ANY) || pattern.equals(name);
        }

        /** Returns these as the resource of a permission. */
        String resource() {
            return namespace + ":" + group + ":" + (service.equals(ANY) ? ANY : "naming/" + service);
        }
    }

    /** One permission: verbs over services. */
    record Grant(Services services, Set<String> verbs) {}

    /**
     * Someone who calls.
     *
     * @param token null for none
     * @param refusal what they are told wherever someone has to log in; null for who is known
     * @param grant null for who has none
     */
    record Caller(
            String name,
            @Nullable String token,
            @Nullable String refusal,
            @Nullable Grant grant,
            boolean administrator) {

        boolean isKnown() {
            return refusal == null;
        }

        private boolean may(String verb, Services services) {
            return grant != null && grant.verbs().contains(verb) && services.among(grant.services());
        }
    }

    /** The ways to say what a call is about. Where a group is named twice, the one in the service's name counts for it. */
    enum Said {
        /** The group before the name of the service, and another one by itself. */
        GROUPED(
                "dev",
                "G1",
                "G2",
                "namespaceId=dev&groupName=G2&serviceName=G1%40%40svc&key=dev%23%23G1%40%40svc",
                "dev%23%23G1%40%40svc"),
        /** Each by itself; over HTTP in a form. */
        APART("dev", "G1", "G1", "namespaceId=dev&groupName=G1&serviceName=svc&key=G1%40%40svc", "G1%40%40svc"),
        /** No namespace, which is {@code public} then. */
        UNSPACED("public", "G1", "G1", "groupName=G1&serviceName=svc&key=G1%40%40svc", "G1%40%40svc"),
        /** Nothing at all. */
        NOTHING("public", "DEFAULT_GROUP", "DEFAULT_GROUP", "", "svc");

        private final String namespace;
        private final String group;
        private final String groupName;
        private final String parameters;
        private final String statusKey;

        Said(String namespace, String group, String groupName, String parameters, String statusKey) {
            this.namespace = namespace;
            this.group = group;
            this.groupName = groupName;
            this.parameters = parameters;
            this.statusKey = statusKey;
        }

        private boolean namesNamespace() {
            return this == GROUPED || this == APART;
        }

        String query() {
            return this == APART ? "" : instance();
        }

        String form() {
            return this == APART ? instance() : "";
        }

        private String instance() {
            return this == NOTHING ? "" : parameters + "&ip=10.0.0.1&port=80";
        }

        /** Returns a path with its free segments as this says them. */
        String path(String pattern) {
            return pattern.contains("statuses")
                    ? pattern.replace("{}", statusKey)
                    : pattern.replaceFirst("\\{}", namespace).replace("{}", "svc");
        }

        /** Returns the body of a request over gRPC. */
        String body(String type) {
            String pattern =
                    "\"groupKeyPattern\":\"" + (this == NOTHING ? "" : namespace + ">>" + group + ">>*") + "\",";
            String named = (namesNamespace() ? "\"namespace\":\"" + namespace + "\"," : "")
                    + (this == NOTHING ? "" : "\"groupName\":\"" + group + "\",\"serviceName\":\"svc\",");
            String operation = type.startsWith("Batch") ? "batchRegisterInstance" : "deregisterInstance";
            String instance = "{\"ip\":\"10.0.0.1\",\"port\":80}";
            return "{\"headers\":{}," + named + pattern + "\"watchType\":\"CANCEL_WATCH\",\"type\":\"" + operation
                    + "\",\"instance\":" + instance + ",\"instances\":[" + instance
                    + "],\"pageNo\":1,\"pageSize\":10,\"module\":\"naming\"}";
        }
    }

    /**
     * What a call asks.
     *
     * @param need open, client, operator, user or administrator
     * @param verb register, discover, operate, or - for none
     * @param scope what a call is about: service, name (in whatever group), group, namespace, named (the namespace where one
     *     is named, and all where none is) or all, or - for nothing
     * @param bareScope the same of a call that names nothing
     * @param status of the answer to whoever is let in; 0 for any that is no failure of the server
     */
    record Row(String need, String verb, String scope, String bareScope, int status) {

        static Row of(String... words) {
            String bare = words[2].equals("service") ? "namespace" : words[2];
            int status = 0;
            for (int i = 3; i < words.length; i++) {
                if (Character.isDigit(words[i].charAt(0))) {
                    status = Integer.parseInt(words[i]);
                } else {
                    bare = words[i];
                }
            }
            return new Row(words[0], words[1], words[2], bare, status);
        }

        /**
         * Returns the ways to say it that make a difference. What a call is about is read in the same way whether clients have
         * to log in or not.
         *
         * @param open whether clients need not log in
         */
        List<Said> ways(boolean open) {
            return open || verb.equals("-") ? List.of(Said.UNSPACED) : List.of(Said.values());
        }

        /**
         * Returns why a call is refused; null where it is not.
         *
         * @param open whether clients need not log in
         */
        @Nullable
        String refusal(Caller caller, Said said, boolean open) {
            if (need.equals("open") || need.equals("client") && open) {
                return null;
            }
            if (!caller.isKnown()) {
                return caller.refusal();
            }
            boolean may = switch (need) {
                case "user" -> true;
                case "administrator" -> caller.administrator();
                default -> caller.administrator() || caller.may(verb, services(said));
            };
            return may ? null : DENIED;
        }

        private Services services(Said said) {
            return switch (said == Said.NOTHING ? bareScope : scope) {
                case "service" -> new Services(said.namespace, said.group, "svc");
                case "name" -> new Services(said.namespace, ANY, "svc");
                case "group" -> new Services(said.namespace, said.groupName, ANY);
                case "namespace" -> new Services(said.namespace, ANY, ANY);
                case "named" ->
                    said.namesNamespace() ? new Services(said.namespace, ANY, ANY) : new Services(ANY, ANY, ANY);
                case "all" -> new Services(ANY, ANY, ANY);
                default -> throw new IllegalStateException("scope: " + scope);
            };
        }
    }

    /** Reads a table, by the names of its lines. */
    static Map<String, Row> read(String resource) throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        try (InputStream in =
                Objects.requireNonNull(AccessTable.class.getClassLoader().getResourceAsStream(resource))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                String[] cells = line.split("\\|", -1);
                if (cells.length == 2) {
                    rows.put(
                            cells[0].strip().replaceAll(" +", " "),
                            Row.of(cells[1].strip().split(" +", -1)));
                }
            }
        }
        return rows;
    }
}
