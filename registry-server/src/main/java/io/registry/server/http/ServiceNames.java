package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * Which service a request means: {@code serviceName}, with its group before {@code @@} or in {@code groupName}; the
 * prefix wins.
 */
public final class ServiceNames {

    private static final String FORM =
            "Param 'serviceName' is illegal, it should be format as 'groupName@@serviceName'";
    private static final String NO_GROUP = "Param 'serviceName' is illegal, groupName can't be empty";

    private ServiceNames() {}

    /**
     * Returns the service of a request.
     *
     * @param serviceName the name as sent and trimmed, grouped or not
     * @throws RegistryException where a grouped name lacks one of its halves
     */
    public static ServiceKey key(HttpParams params, String serviceName) {
        String namespace = params.text("namespaceId", ServiceKey.DEFAULT_NAMESPACE);
        int separator = serviceName.indexOf(ServiceKey.SEPARATOR);
        if (separator < 0) {
            return new ServiceKey(namespace, params.text("groupName", ServiceKey.DEFAULT_GROUP), serviceName);
        }
        return grouped(namespace, serviceName, separator);
    }

    /**
     * Returns the service of a name that must be grouped.
     *
     * @throws RegistryException where it is not
     */
    public static ServiceKey grouped(String namespace, String groupedName) {
        int separator = groupedName.indexOf(ServiceKey.SEPARATOR);
        if (separator < 0) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, FORM);
        }
        return grouped(namespace, groupedName, separator);
    }

    private static ServiceKey grouped(String namespace, String groupedName, int separator) {
        String refusal = refusal(groupedName, separator);
        if (refusal != null) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, refusal);
        }
        return new ServiceKey(
                namespace,
                groupedName.substring(0, separator),
                groupedName.substring(separator + ServiceKey.SEPARATOR.length()));
    }

    /** Refuses a grouped name that lacks one of its halves, in the way of the filter that runs before all else. */
    static void checkGrouped(HttpParams params, String uri) {
        String name = params.text("serviceName");
        int separator = name == null ? -1 : name.indexOf(ServiceKey.SEPARATOR);
        String refusal = name == null || separator < 0 ? null : refusal(name, separator);
        if (refusal != null) {
            throw new Refused(ErrorPage.of(400, "Service name filter error,caused: " + refusal + ";", uri));
        }
    }

    private static @Nullable String refusal(String groupedName, int separator) {
        if (separator + ServiceKey.SEPARATOR.length() == groupedName.length()) {
            return FORM;
        }
        return groupedName.substring(0, separator).isBlank() ? NO_GROUP : null;
    }
}
