package io.registry.server.http;

import io.registry.api.check.Names;
import io.registry.api.model.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * The check of parameter formats that every call passes before its handler sees it. Names, bounds and texts are those of
 * {@link Names}; which parameters are looked at, and in which order, is the protocol's.
 */
final class FormatCheck {

    private FormatCheck() {}

    /** Throws {@link Refused} with the first malformed parameter; a blank value is not looked at. */
    static void check(HttpCall call, Dialect dialect) {
        HttpParams params = call.params();
        if (dialect != Dialect.NAMING_V1) {
            refuse(displayName(params.raw("namespaceShowName")));
            refuse(displayName(params.raw("namespaceName")));
            refuse(Names.formatNamespace(params.raw("customNamespaceId")));
            refuse(Names.formatNamespace(params.raw("namespace")));
        }
        refuse(Names.formatNamespace(params.raw("namespaceId")));
        service(params);
        // A list takes several clusters in clusterName, and has never checked them.
        if (!call.path().endsWith("/list")) {
            refuse(Names.formatCluster(first(params, "clusterName", "cluster")));
        }
        clusters(params.raw("clusters"));
        refuse(Names.formatIp(params.raw("ip")));
        refuse(Names.formatPort(first(params, "port", "checkPort")));
    }

    private static void service(HttpParams params) {
        String service = first(params, "serviceName", "serviceNameParam");
        String group = first(params, "groupName", "groupNameParam");
        if (service != null) {
            int separator = service.indexOf(ServiceKey.SEPARATOR);
            if (separator >= 0) {
                group = service.substring(0, separator);
                service = service.substring(separator + ServiceKey.SEPARATOR.length());
            }
            refuse(Names.formatService(service));
        }
        refuse(Names.formatGroup(group));
    }

    private static void clusters(@Nullable String names) {
        if (names == null) {
            return;
        }
        int start = 0;
        while (start <= names.length()) {
            int comma = names.indexOf(',', start);
            int end = comma < 0 ? names.length() : comma;
            refuse(Names.formatCluster(names.substring(start, end)));
            start = end + 1;
        }
    }

    /** Checks the name of a namespace as people see it: at most 256 characters, none of {@code @ # $ % ^ & *}. */
    private static @Nullable String displayName(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > 256) {
            return "Param 'namespaceShowName' is illegal, the param length should not exceed 256.";
        }
        for (int i = 0; i < value.length(); i++) {
            if ("@#$%^&*".indexOf(value.charAt(i)) >= 0) {
                return "Param 'namespaceShowName' is illegal, illegal characters should not appear in the param.";
            }
        }
        return null;
    }

    private static @Nullable String first(HttpParams params, String name, String otherName) {
        String value = params.raw(name);
        return value == null ? params.raw(otherName) : value;
    }

    private static void refuse(@Nullable String text) {
        if (text != null) {
            throw new Refused(Answer.malformed(text));
        }
    }
}
