package io.registry.server.http.ops;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.access.Resource;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.core.service.ServiceView;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Service discovery for Prometheus over HTTP: every instance as a target, the unhealthy and disabled ones too. */
public final class PrometheusRoutes {

    private static final String NAMESPACE = "/prometheus/namespaceId/{}";

    private final ServiceManager services;

    /** Makes the handlers. */
    public PrometheusRoutes(ServiceManager services) {
        this.services = services;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add(
                        "GET",
                        "/prometheus",
                        Access.discover(Subject.ALL),
                        Dialect.CONSOLE_V1,
                        call -> targets(null, key -> true))
                .add(
                        "GET",
                        NAMESPACE,
                        Access.discover(PrometheusRoutes::namespace),
                        Dialect.CONSOLE_V1,
                        call -> targets(call.segment(2), key -> true))
                .add(
                        "GET",
                        NAMESPACE + "/service/{}",
                        Access.discover(PrometheusRoutes::service),
                        Dialect.CONSOLE_V1,
                        call -> {
                            String name = call.segment(4);
                            return targets(call.segment(2), key -> key.name().equals(name));
                        });
    }

    private static Resource namespace(HttpCall call) {
        return Resource.namespace(call.segment(2));
    }

    private static Resource service(HttpCall call) {
        return new Resource(call.segment(2), Resource.ALL, call.segment(4));
    }

    private Answer targets(@Nullable String namespace, Predicate<ServiceKey> wanted) {
        Collection<ServiceKey> keys = namespace == null
                ? services.services()
                : services.services(namespace).keySet();
        Utf8Json body = new Utf8Json(4096).beginArray();
        for (ServiceKey key : keys) {
            ServiceView view = wanted.test(key) ? services.view(key) : null;
            if (view != null) {
                view.instances().forEach(instance -> target(instance, body));
            }
        }
        return Answer.jsonUtf8(body.endArray().toBytes());
    }

    private static void target(Instance instance, Utf8Json body) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("__meta_clusterName", instance.cluster());
        // Two keys may become one: the later wins.
        instance.metadata()
                .forEach((key, value) -> labels.put(key.replace('.', '_').replace('-', '_'), value));
        body.beginObject()
                .name("targets")
                .beginArray()
                .value(instance.address())
                .endArray()
                .field("labels", labels)
                .endObject();
    }
}
