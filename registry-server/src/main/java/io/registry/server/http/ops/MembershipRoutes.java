package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.cluster.ClusterChanges;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpErrors;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import java.util.Optional;

/** Who belongs to the cluster: shows it, adds a node that waits, and removes a member, also one that is lost. */
public final class MembershipRoutes {

    private static final String PATH = "/v3/admin/core/cluster/member";

    private final Membership membership;
    private final ClusterChanges changes;

    /** Makes the handlers. */
    public MembershipRoutes(Membership membership, ClusterChanges changes) {
        this.membership = membership;
        this.changes = changes;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("GET", PATH, Access.inspect(Subject.ALL), Dialect.ENVELOPE, call -> Envelope.success(members()))
                .add(
                        "POST",
                        PATH,
                        Access.ADMINISTER,
                        Dialect.ENVELOPE,
                        call -> changed(() -> changes.add(new FormParams(call).required("address"))))
                .add(
                        "DELETE",
                        PATH,
                        Access.ADMINISTER,
                        Dialect.ENVELOPE,
                        call -> changed(() -> {
                            FormParams params = new FormParams(call);
                            String id = params.text("id");
                            changes.remove(id == null ? params.required("address") : id);
                        }));
    }

    private static Answer changed(Runnable change) {
        try {
            change.run();
            return Envelope.OK;
        } catch (RegistryException e) {
            if (e.code() == ErrorCode.ILLEGAL_STATE) {
                return HttpErrors.answer(Dialect.ENVELOPE, 409, e.code(), e.getMessage());
            }
            throw e;
        }
    }

    private Utf8Json members() {
        Utf8Json body = new Utf8Json(1024).beginArray();
        for (ClusterMember member : membership.members()) {
            body.beginObject()
                    .field("id", member.id().value())
                    .field("address", member.http())
                    .field("clusterAddress", member.cluster())
                    .field("raftAddress", member.raft())
                    .field("leader", membership.leader().equals(Optional.of(member.id())))
                    .field("self", membership.self().equals(member.id()))
                    .endObject();
        }
        return body.endArray();
    }
}
