package io.registry.server.http.ops;

import io.registry.proto.json.Utf8Json;
import io.registry.server.core.client.ClientManager;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.Routes;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** Where the connections are: those of this node, and how many each member has. */
public final class LoaderRoutes {

    private final ClientManager clients;
    private final Self self;

    /** Makes the handlers. */
    public LoaderRoutes(ClientManager clients, Self self) {
        this.clients = clients;
        this.self = self;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add(
                        "GET",
                        "/v2/core/loader/current",
                        Dialect.ENVELOPE,
                        call -> Answer.json(current().toBytes()))
                .add(
                        "GET",
                        "/v2/core/loader/cluster",
                        Dialect.ENVELOPE,
                        call -> Answer.json(members().toBytes()))
                .add("GET", "/v3/admin/core/loader/current", Dialect.ENVELOPE, call -> Envelope.success(current()))
                .add("GET", "/v3/admin/core/loader/cluster", Dialect.ENVELOPE, call -> Envelope.success(members()));
    }

    private Utf8Json current() {
        Utf8Json body = new Utf8Json(1024).beginObject();
        clients.connections()
                .forEach((client, details) -> body.name(client.value())
                        .beginObject()
                        .name("metaInfo")
                        .beginObject()
                        .field("connectType", "GRPC")
                        .field("clientIp", details.clientIp())
                        .field("remoteIp", details.remoteIp())
                        .field("remotePort", details.remotePort())
                        .field("version", details.version())
                        .field("connectionId", client.value())
                        .field("createTime", details.connectedMillis())
                        .field("appName", details.appName())
                        .field("labels", details.labels())
                        .endObject()
                        .endObject());
        return body.endObject();
    }

    private Utf8Json members() {
        int count = clients.connections().size();
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        double cpu = system instanceof com.sun.management.OperatingSystemMXBean counted ? counted.getCpuLoad() : -1;
        return new Utf8Json(512)
                .beginObject()
                .field("total", count)
                .field("min", count)
                .field("avg", count)
                .field("max", count)
                .field("memberCount", 1)
                .field("metricsCount", 1)
                .field("threshold", count * 1.1)
                .name("detail")
                .beginArray()
                .beginObject()
                .field("address", self.address())
                .name("metric")
                .beginObject()
                .field("load", Double.toString(system.getSystemLoadAverage()))
                .field("sdkConCount", Integer.toString(count))
                .field("cpu", Double.toString(cpu))
                .field("conCount", Integer.toString(count))
                .endObject()
                .endObject()
                .endArray()
                .field("completed", true)
                .endObject();
    }
}
