package io.registry.server.http.v1;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.operate.ServiceOperator;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.HealthCheck;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.HttpCall;
import io.registry.server.http.MetadataText;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.Checkers;

/** {@code /v1/ns/cluster} and {@code /v1/ns/health}: how health is judged, and setting it by hand. */
public final class ClusterRoutes {

    private final ServiceOperator services;

    /** Makes the handlers. */
    public ClusterRoutes(ServiceOperator services) {
        this.services = services;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("PUT", "/v1/ns/cluster", Access.operate(Subject.SERVICE), Dialect.NAMING_V1, this::update)
                .add("PUT", "/v1/ns/health", Access.operate(Subject.SERVICE), Dialect.NAMING_V1, this::setHealth)
                .add(
                        "PUT",
                        "/v1/ns/health/instance",
                        Access.operate(Subject.SERVICE),
                        Dialect.NAMING_V1,
                        this::setHealth)
                .add("GET", "/v1/ns/health/checkers", Access.ANY_USER, Dialect.NAMING_V1, this::checkers);
    }

    private Answer update(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.service();
        String cluster = params.required("clusterName");
        int checkPort = params.requiredInteger("checkPort");
        boolean useInstancePort = V1Params.isTrue(params.required("useInstancePort4Check"));
        HealthCheck check = Checkers.parse(params.required("healthChecker"));
        call.await(services.updateCluster(
                service,
                cluster,
                new ClusterConfig(checkPort, useInstancePort, check, MetadataText.parse(params.text("metadata")))));
        return Answer.OK;
    }

    private Answer setHealth(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.service();
        String valid = params.text("valid");
        boolean healthy = V1Params.isTrue(valid == null ? params.required("healthy") : params.text("healthy", valid));
        call.await(services.setHealth(
                call.origin(),
                service,
                params.required("ip"),
                params.requiredInteger("port"),
                params.cluster(),
                healthy));
        return Answer.OK;
    }

    private Answer checkers(HttpCall call) {
        return Answer.json(Checkers.all().toBytes());
    }
}
