package io.registry.server.http.v1;

import io.registry.api.model.ServiceKey;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.Beating;

/** {@code /v1/ns/instance/beat}. */
public final class BeatRoutes {

    private final Beating beating;

    /** Makes the handler. */
    public BeatRoutes(Beating beating) {
        this.beating = beating;
    }

    /** Adds the route to a table. */
    public void addTo(Routes routes) {
        routes.add("PUT", "/v1/ns/instance/beat", Access.register(Subject.SERVICE), Dialect.NAMING_V1, this::beat);
    }

    private Answer beat(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.service();
        return beating.answer(
                call, service, params.text("ip", ""), params.integer("port", 0), params.cluster(), params.text("beat"));
    }
}
