package io.registry.server.http.ops;

import io.registry.proto.json.Utf8Json;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.operate.ClientCatalog;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.push.PushService;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.metrics.PushFigures;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.Collection;

/** The status that clients probe, and the few figures of the protocol. The real figures are the actuator's. */
public final class MetricsRoutes {

    private final Readiness readiness;
    private final ServiceManager services;
    private final ClientManager clients;
    private final ClientCatalog catalog;
    private final PushService pushes;
    private final PushFigures figures;

    /** Makes the handlers. */
    public MetricsRoutes(
            Readiness readiness,
            ServiceManager services,
            ClientManager clients,
            ClientCatalog catalog,
            PushService pushes,
            PushFigures figures) {
        this.readiness = readiness;
        this.services = services;
        this.clients = clients;
        this.catalog = catalog;
        this.pushes = pushes;
        this.figures = figures;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        for (String base : new String[] {"/v1/ns/operator", "/v1/ns/ops"}) {
            routes.add(
                            "GET",
                            base + "/metrics",
                            Access.inspect(Subject.ALL).openWhere(MetricsRoutes::statusOnly),
                            Dialect.NAMING_V1,
                            call -> Answer.json(metrics(call, true, true).toBytes()))
                    .add("GET", base + "/push/state", Access.inspect(Subject.ALL), Dialect.NAMING_V1, this::pushState);
        }
        for (String base : new String[] {"/v2/ns/operator", "/v2/ns/ops"}) {
            routes.add(
                    "GET",
                    base + "/metrics",
                    Access.inspect(Subject.ALL).openWhere(MetricsRoutes::statusOnly),
                    Dialect.ENVELOPE,
                    call -> Envelope.success(metrics(call, false, true)));
        }
        routes.add(
                "GET",
                "/v3/admin/ns/ops/metrics",
                Access.inspect(Subject.ALL).openWhere(MetricsRoutes::statusOnly),
                Dialect.ENVELOPE,
                call -> Envelope.success(metrics(call, false, false)));
    }

    private Utf8Json metrics(HttpCall call, boolean withResponsibleInstances, boolean withSystem) {
        Utf8Json body = new Utf8Json(384).beginObject().field("status", readiness.status());
        if (statusOnly(call)) {
            return body.endObject();
        }
        Collection<String> ids = catalog.ids();
        long ephemeral = ids.stream().filter(id -> id.endsWith("#true")).count();
        long persistent = ids.stream().filter(id -> id.endsWith("#false")).count();
        body.field("serviceCount", services.serviceCount())
                .field("instanceCount", services.instanceCount())
                .field("subscribeCount", pushes.slots());
        if (withResponsibleInstances) {
            body.field("responsibleInstanceCount", services.instanceCount());
        }
        body.field("clientCount", ids.size())
                .field("connectionBasedClientCount", clients.connections().size())
                .field("ephemeralIpPortClientCount", ephemeral)
                .field("persistentIpPortClientCount", persistent)
                .field("responsibleClientCount", ids.size());
        if (withSystem) {
            system(body);
        }
        return body.endObject();
    }

    /** Clients ask for it before they trust a server, without a login. */
    private static boolean statusOnly(HttpCall call) {
        return new FormParams(call).text("onlyStatus", "true").equalsIgnoreCase("true");
    }

    private static void system(Utf8Json body) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        double cpu = 0;
        double memory = 0;
        if (system instanceof com.sun.management.OperatingSystemMXBean sun) {
            cpu = sun.getCpuLoad();
            memory = 1 - (double) sun.getFreeMemorySize() / sun.getTotalMemorySize();
        }
        body.field("cpu", finite(cpu))
                .field("load", finite(system.getSystemLoadAverage()))
                .field("mem", finite(memory));
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : 0;
    }

    private Answer pushState(HttpCall call) {
        long succeeded = figures.total() - figures.failed();
        Utf8Json body = new Utf8Json(160)
                .beginObject()
                .field("succeed", succeeded)
                .field("total", figures.total())
                .name("ratio");
        if (figures.total() == 0) {
            body.value(0);
        } else {
            body.value((double) succeeded / figures.total());
        }
        boolean any = figures.acknowledged() > 0;
        return Answer.json(body.name("detail")
                .beginObject()
                .field("avgPushCost", any ? figures.averageMillis() : -1)
                .field("maxPushCost", any ? figures.maxMillis() : -1)
                .endObject()
                .field("reset", false)
                .endObject()
                .toBytes());
    }
}
