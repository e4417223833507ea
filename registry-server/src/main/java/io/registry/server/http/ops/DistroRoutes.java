package io.registry.server.http.ops;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroStatus;
import io.registry.distro.model.NodeId;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.DistroSampler;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.ServiceDigest;
import io.registry.server.core.operate.ResponsibleRouter;
import io.registry.server.core.operate.ServiceDigests;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import java.util.Locale;

/** How the replication of ephemeral instances stands, and whether all members have the same of a service. */
public final class DistroRoutes {

    private static final String PATH = "/v3/admin/core/cluster/distro";

    private final DistroSampler sampler;
    private final ServiceDigests digests;
    private final ResponsibleRouter router;
    private final Membership membership;
    private final Self self;

    /** Makes the handlers. */
    public DistroRoutes(
            DistroSampler sampler, ServiceDigests digests, ResponsibleRouter router, Membership membership, Self self) {
        this.sampler = sampler;
        this.digests = digests;
        this.router = router;
        this.membership = membership;
        this.self = self;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add(
                        "GET",
                        PATH,
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> Envelope.success(status(call.await(sampler.now()))))
                .add("GET", PATH + "/service", Access.inspect(Subject.SERVICE), Dialect.ENVELOPE, this::service)
                .add(
                        "GET",
                        "/v3/admin/ns/client/distro",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> Envelope.success(responsible(call)));
        for (String base : new String[] {"/v1/ns/operator", "/v1/ns/ops"}) {
            routes.add(
                    "GET",
                    base + "/distro/client",
                    Access.inspect(Subject.ALL),
                    Dialect.NAMING_V1,
                    call -> Answer.json(responsible(call).toBytes()));
        }
    }

    private Utf8Json status(DistroStatus status) {
        Utf8Json body = new Utf8Json(1024)
                .beginObject()
                .field("node", status.self().value())
                .field("incarnation", status.incarnation())
                .field("state", word(status.state()))
                .field("leaving", status.leaving())
                .field("majority", status.majority())
                .field("records", status.records())
                .field("orphans", status.orphans())
                .field("tombstones", status.tombstones())
                .field("driftMillis", status.driftMillis())
                .name("peers")
                .beginArray();
        for (DistroStatus.Peer peer : status.peers()) {
            body.beginObject()
                    .field("id", peer.member().id().value())
                    .field("address", addressOf(peer.member().id()))
                    .field("up", peer.member().up())
                    .field("state", word(peer.member().state()))
                    .field("leaving", peer.member().leaving())
                    .field("incarnation", peer.member().incarnation())
                    .field("silentMillis", peer.member().silentMillis())
                    .field("waiting", peer.waiting())
                    .field("lagMillis", peer.lagMillis())
                    .field("differing", peer.differing())
                    .field("differingMillis", peer.differingMillis())
                    .field("loading", peer.loading())
                    .endObject();
        }
        return body.endArray().endObject();
    }

    private Answer service(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.argumentService();
        if (!params.truth("compare", false)) {
            Utf8Json body = new Utf8Json(256).beginObject();
            digest(body, call.await(digests.here(service)));
            return Envelope.success(body.endObject());
        }
        ServiceDigests.Comparison comparison = call.await(digests.compare(service));
        Utf8Json body = new Utf8Json(1024).beginObject();
        digest(body, comparison.here());
        body.field("equal", comparison.isEqual()).name("members").beginArray();
        for (ServiceDigests.Answered answered : comparison.others()) {
            ServiceDigest digest = answered.digest();
            body.beginObject()
                    .field("id", answered.member().id().value())
                    .field("address", answered.member().http());
            if (digest == null) {
                body.field("result", "could not be asked").field("reason", answered.problem());
            } else {
                body.field("result", digest.equals(comparison.here()) ? "equal" : "different");
                figures(body, digest);
            }
            body.endObject();
        }
        return Envelope.success(body.endArray().endObject());
    }

    private void digest(Utf8Json body, ServiceDigest digest) {
        body.field("node", membership.self().value());
        figures(body, digest);
    }

    private static void figures(Utf8Json body, ServiceDigest digest) {
        body.field("digest", digest.hex())
                .field("instances", digest.instances())
                .field("publishers", digest.publishers());
    }

    private Utf8Json responsible(HttpCall call) {
        FormParams params = new FormParams(call);
        String ip = params.text("ip");
        String port = params.text("port");
        String address = self.address();
        if (membership.members().size() > 1 && ip != null && port != null) {
            address = addressOf(call.await(router.responsibleFor(ip + ":" + port)));
        }
        return new Utf8Json(64)
                .beginObject()
                .field("responsibleServer", address)
                .endObject();
    }

    /** Returns the HTTP address of a member; empty where it has not said any, or is no member any more. */
    private String addressOf(NodeId node) {
        return membership.members().stream()
                .filter(member -> member.id().equals(node))
                .findFirst()
                .map(ClusterMember::http)
                .orElse("");
    }

    private static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
