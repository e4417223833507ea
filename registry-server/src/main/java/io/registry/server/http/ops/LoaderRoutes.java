package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.model.ClientId;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.balance.Loads;
import io.registry.server.core.balance.Rebalancer;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.cluster.HostPort;
import io.registry.server.core.cluster.MemberLoad;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Where the connections are: those of this node, how many each member has, and that some of them are to go elsewhere. */
public final class LoaderRoutes {

    private static final String V2 = "/v2/core/loader";
    private static final String V3 = "/v3/admin/core/loader";
    private static final double FACTOR = 0.1;

    private final ClientManager clients;
    private final Loads loads;
    private final Rebalancer rebalancer;

    /** Makes the handlers. */
    public LoaderRoutes(ClientManager clients, Loads loads, Rebalancer rebalancer) {
        this.clients = clients;
        this.loads = loads;
        this.rebalancer = rebalancer;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add(
                        "GET",
                        V2 + "/current",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> Answer.json(current().toBytes()))
                .add(
                        "GET",
                        V2 + "/cluster",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> Answer.json(members(call).toBytes()))
                .add(
                        "GET",
                        V3 + "/current",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> Envelope.success(current()))
                .add(
                        "GET",
                        V3 + "/cluster",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> Envelope.success(members(call)))
                .add("POST", V3 + "/reloadCurrent", Access.ADMINISTER, Dialect.ENVELOPE, this::reloadCurrent)
                .add("POST", V3 + "/reloadClient", Access.ADMINISTER, Dialect.ENVELOPE, this::reloadClient)
                .add("POST", V3 + "/smartReloadCluster", Access.ADMINISTER, Dialect.ENVELOPE, this::reloadCluster);
    }

    private Answer reloadCurrent(HttpCall call) {
        FormParams params = new FormParams(call);
        int keep = params.requiredInteger("count");
        if (keep < 0) {
            throw refused("count", Integer.toString(keep), "how many clients stay, at least 0");
        }
        call.await(rebalancer.shed(keep, redirect(params)));
        return Envelope.OK;
    }

    private Answer reloadClient(HttpCall call) {
        FormParams params = new FormParams(call);
        String connection = params.required("connectionId");
        if (!call.await(rebalancer.move(new ClientId(connection), redirect(params)))) {
            throw new RegistryException(
                    ErrorCode.NOT_FOUND,
                    "connectionId: " + connection + " (expected: of a client that is connected to this node)");
        }
        return Envelope.OK;
    }

    private Answer reloadCluster(HttpCall call) {
        double factor = new FormParams(call).real("loaderFactor", FACTOR);
        if (!(factor >= 0 && factor <= 1)) {
            throw refused("loaderFactor", Double.toString(factor), "0 to 1");
        }
        int moving = call.await(rebalancer.even(factor));
        return Envelope.success(new Utf8Json(8).value(moving == 0 ? "ignore" : "ok"));
    }

    private static @Nullable HostPort redirect(FormParams params) {
        String address = params.text("redirectAddress");
        if (address == null) {
            return null;
        }
        HostPort parsed;
        try {
            parsed = HostPort.of(address);
        } catch (IllegalArgumentException e) {
            throw refused("redirectAddress", address, "host:port");
        }
        if (parsed.port() < 1 || parsed.port() > 65_535) {
            throw refused("redirectAddress", address, "a port of 1 to 65535");
        }
        return parsed;
    }

    private static RegistryException refused(String name, String value, String expected) {
        return new RegistryException(
                ErrorCode.INVALID_PARAMETER, "Parameter '" + name + "': " + value + " (expected: " + expected + ")");
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

    /** The figures are of the members that have answered. */
    private Utf8Json members(HttpCall call) {
        List<Loads.Known> members = call.await(loads.everywhere(PeerCalls.DEADLINE));
        int[] counts = members.stream()
                .map(Loads.Known::load)
                .filter(Objects::nonNull)
                .mapToInt(MemberLoad::clients)
                .toArray();
        int average = (int) IntStream.of(counts).average().orElse(0);
        Utf8Json body = new Utf8Json(512)
                .beginObject()
                .field("total", IntStream.of(counts).sum())
                .field("min", IntStream.of(counts).min().orElse(0))
                .field("avg", average)
                .field("max", IntStream.of(counts).max().orElse(0))
                .field("memberCount", members.size())
                .field("metricsCount", counts.length)
                .field("threshold", average * (1 + FACTOR))
                .name("detail")
                .beginArray();
        for (Loads.Known known : members) {
            MemberLoad load = known.load();
            if (load != null) {
                body.beginObject()
                        .field("address", known.member().http())
                        .name("metric")
                        .beginObject()
                        .field("load", Double.toString(load.systemLoad()))
                        .field("sdkConCount", Integer.toString(load.clients()))
                        .field("cpu", Double.toString(load.cpu()))
                        .field("conCount", Integer.toString(load.clients()))
                        .endObject()
                        .endObject();
            }
        }
        return body.endArray()
                .field("completed", counts.length == members.size())
                .endObject();
    }
}
