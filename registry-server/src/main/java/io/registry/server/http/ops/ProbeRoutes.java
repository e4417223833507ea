package io.registry.server.http.ops;

import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;

/** Whether the node lives, and whether clients may come, in the forms that four generations have asked for. */
public final class ProbeRoutes {

    private static final String NOT_READY = "naming not in readiness";

    private final Readiness readiness;
    private final ServiceManager services;
    private final int port;

    /** Makes the handlers. */
    public ProbeRoutes(Readiness readiness, ServiceManager services, int port) {
        this.readiness = readiness;
        this.services = services;
        this.port = port;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        Answer alive = Answer.text(200, "OK");
        routes.add("GET", "/v1/console/health/liveness", Access.OPEN, Dialect.CONSOLE_V1, call -> alive)
                .add(
                        "GET",
                        "/v1/console/health/readiness",
                        Access.OPEN,
                        Dialect.CONSOLE_V1,
                        call -> readiness.isReady() ? alive : Answer.text(500, NOT_READY))
                .add("GET", "/v2/console/health/liveness", Access.OPEN, Dialect.ENVELOPE, call -> Envelope.OK)
                .add("GET", "/v2/console/health/readiness", Access.OPEN, Dialect.ENVELOPE, call -> ready(200))
                .add("GET", "/v3/admin/core/state/liveness", Access.OPEN, Dialect.ENVELOPE, call -> Envelope.OK)
                .add("GET", "/v3/admin/core/state/readiness", Access.OPEN, Dialect.ENVELOPE, call -> ready(200))
                .add("GET", "/v3/console/health/liveness", Access.OPEN, Dialect.ENVELOPE, call -> Envelope.OK)
                .add("GET", "/v3/console/health/readiness", Access.OPEN, Dialect.ENVELOPE, call -> ready(500))
                .add("GET", "/v1/ns/health/server", Access.OPEN, Dialect.NAMING_V1, this::hello);
    }

    /** Some generations say in the status that the node is not ready, others only in the body. */
    private Answer ready(int otherwise) {
        return readiness.isReady()
                ? Envelope.OK
                : Envelope.error(otherwise, Envelope.Code.SERVER_ERROR, NOT_READY, null);
    }

    private Answer hello(HttpCall call) {
        return Answer.json(new Utf8Json(128)
                .beginObject()
                .field(
                        "msg",
                        "Hello! I am Nacos-Naming and healthy! total services: " + services.serviceCount()
                                + ", local port:" + port)
                .endObject()
                .toBytes());
    }
}
