package io.registry.server.http;

import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.access.Resource;
import java.util.function.Function;

/**
 * Says which services a call is about, before any of its parameters is checked. Where that cannot be read, or is not one
 * service, it is all that the call may turn out to be about, never less.
 */
@FunctionalInterface
public interface Subject {

    /** Whatever there is. */
    Subject ALL = call -> Resource.EVERYTHING;

    /** All services of the namespace. */
    Subject NAMESPACE = call -> Resource.namespace(namespace(call));

    /** All services of the namespace that is named; whatever there is where none is. */
    Subject NAMESPACE_OR_ALL = call -> {
        String namespace = call.params().text("namespaceId");
        return namespace == null ? Resource.EVERYTHING : Resource.namespace(namespace);
    };

    /** All services of the group. */
    Subject GROUP = call ->
            new Resource(namespace(call), call.params().text("groupName", ServiceKey.DEFAULT_GROUP), Resource.ALL);

    /** The service that is named; all services of the namespace where none is. */
    Subject SERVICE = call -> service(call, NAMESPACE);

    /** The service that is named; all services of the namespace that is, and whatever there is where neither is. */
    Subject SERVICE_OR_ALL = call -> service(call, NAMESPACE_OR_ALL);

    /** Returns what a call is about. */
    Resource of(HttpCall call);

    /**
     * Returns a subject that is one service.
     *
     * @param reader reads which, as the handler does; where it refuses, the call counts as about everything
     */
    static Subject service(Function<HttpCall, ServiceKey> reader) {
        return call -> {
            try {
                return Resource.of(reader.apply(call));
            } catch (RegistryException e) {
                return Resource.EVERYTHING;
            }
        };
    }

    private static Resource service(HttpCall call, Subject otherwise) {
        String name = call.params().text("serviceName");
        return name == null
                ? otherwise.of(call)
                : service(each -> ServiceNames.key(each.params(), name)).of(call);
    }

    private static String namespace(HttpCall call) {
        return call.params().text("namespaceId", ServiceKey.DEFAULT_NAMESPACE);
    }
}
