package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.DistroStatus;
import io.registry.distro.member.Member;
import io.registry.distro.model.NodeId;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.DistroSampler;
import io.registry.server.core.cluster.HostPort;
import io.registry.server.core.cluster.Membership;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The list of members, as scripts for this protocol ask for it. Another member is shown as up while this node hears it
 * over the port of replication, and this node always.
 */
public final class MemberRoutes {

    private static final Set<String> STATES = Set.of("STARTING", "UP", "SUSPICIOUS", "DOWN", "ISOLATION");

    /** The parts into which the protocol divides persistent state; here one log carries them all. */
    private static final String[] LOG_GROUPS = {
        "naming_instance_metadata",
        "naming_persistent_service",
        "naming_persistent_service_v2",
        "naming_service_metadata"
    };

    private final Self self;
    private final Membership membership;
    private final DistroSampler sampler;

    /** Makes the handlers. */
    public MemberRoutes(Self self, Membership membership, DistroSampler sampler) {
        this.self = self;
        this.membership = membership;
        this.sampler = sampler;
    }

    /**
     * A member as it is shown.
     *
     * @param host its address
     * @param port its HTTP port
     * @param raft where its part of the persistent log is
     * @param up whether it is heard
     */
    private record Shown(String host, int port, String raft, boolean up) {

        static Shown of(ClusterMember member, boolean up) {
            HostPort address = HostPort.of(member.http());
            return new Shown(address.bareHost(), address.port(), member.raft(), up);
        }

        String state() {
            return up ? "UP" : "DOWN";
        }

        String address() {
            return host + ":" + port;
        }

        String raftPort() {
            return String.valueOf(HostPort.of(raft).port());
        }
    }

    /** Returns this node, under the address by which the others know it where there are others. */
    private Shown shownSelf() {
        return membership.members().stream()
                .filter(member -> member.id().equals(membership.self()) && inACluster(member))
                .findFirst()
                .map(member -> Shown.of(member, true))
                .orElse(new Shown(self.ip(), self.port(), self.ip() + ":" + self.raftPort(), true));
    }

    private List<Shown> all(HttpCall call) {
        List<ClusterMember> members = membership.members();
        if (members.isEmpty() || !members.stream().allMatch(MemberRoutes::inACluster)) {
            return List.of(shownSelf());
        }
        Set<NodeId> up = call.await(sampler.now()).peers().stream()
                .map(DistroStatus.Peer::member)
                .filter(Member::up)
                .map(Member::id)
                .collect(Collectors.toSet());
        return members.stream()
                .map(member -> Shown.of(member, member.id().equals(membership.self()) || up.contains(member.id())))
                .toList();
    }

    /** Returns where the parts of the persistent log are. */
    private List<String> rafts() {
        List<String> rafts = membership.members().stream()
                .filter(MemberRoutes::inACluster)
                .map(ClusterMember::raft)
                .toList();
        return rafts.isEmpty() ? List.of(shownSelf().raft()) : rafts;
    }

    /** A node that stands alone has no Raft port; a member that has not said its HTTP address yet cannot be shown. */
    private static boolean inACluster(ClusterMember member) {
        return !member.raft().isEmpty() && !member.http().isEmpty();
    }

    private String leader() {
        return membership.members().stream()
                .filter(member -> membership.leader().equals(Optional.of(member.id())) && inACluster(member))
                .findFirst()
                .map(ClusterMember::raft)
                .orElse(shownSelf().raft());
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add(
                        "GET",
                        "/v1/core/cluster/nodes",
                        Access.inspect(Subject.ALL),
                        Dialect.CONSOLE_V1,
                        call -> result(body -> list(call, body)))
                .add(
                        "GET",
                        "/v1/core/cluster/self",
                        Access.inspect(Subject.ALL),
                        Dialect.CONSOLE_V1,
                        call -> result(body -> member(body, shownSelf())))
                .add(
                        "GET",
                        "/v1/core/cluster/simple/nodes",
                        Access.inspect(Subject.ALL),
                        Dialect.CONSOLE_V1,
                        call -> result(body -> {
                            body.beginArray();
                            all(call).forEach(each -> body.value(each.address()));
                            body.endArray();
                        }))
                .add(
                        "GET",
                        "/v1/core/cluster/health",
                        Access.inspect(Subject.ALL),
                        Dialect.CONSOLE_V1,
                        call -> result(body -> body.value("UP")))
                .add(
                        "GET",
                        "/v2/core/cluster/node/self",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> success(body -> member(body, shownSelf())))
                .add(
                        "GET",
                        "/v2/core/cluster/node/list",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> success(body -> list(call, body)))
                .add(
                        "GET",
                        "/v2/core/cluster/node/self/health",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> success(body -> body.value("UP")))
                .add(
                        "GET",
                        "/v3/admin/core/cluster/node/self",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> success(body -> member(body, shownSelf())))
                .add(
                        "GET",
                        "/v3/admin/core/cluster/node/list",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> success(body -> list(call, body)))
                .add(
                        "GET",
                        "/v3/console/core/cluster/nodes",
                        Access.inspect(Subject.ALL),
                        Dialect.ENVELOPE,
                        call -> success(body -> list(call, body)))
                .add("GET", "/v1/ns/operator/servers", Access.inspect(Subject.ALL), Dialect.NAMING_V1, this::servers)
                .add("GET", "/v1/ns/ops/servers", Access.inspect(Subject.ALL), Dialect.NAMING_V1, this::servers);
    }

    private Answer servers(HttpCall call) {
        Utf8Json body = new Utf8Json(1024).beginObject().name("servers").beginArray();
        boolean upOnly = new FormParams(call).truth("healthy", false);
        all(call).stream().filter(each -> each.up() || !upOnly).forEach(each -> member(body, each));
        return Answer.json(body.endArray().endObject().toBytes());
    }

    private void list(HttpCall call, Utf8Json body) {
        String state = call.params().text("state");
        if (state != null && !STATES.contains(state.toUpperCase(Locale.ROOT))) {
            throw new RegistryException(ErrorCode.ILLEGAL_STATE, "Illegal state: " + state);
        }
        String prefix = call.params().text("keyword", call.params().text("address", ""));
        body.beginArray();
        all(call).stream()
                .filter(each -> each.address().startsWith(prefix))
                .filter(each -> state == null || state.equalsIgnoreCase(each.state()))
                .forEach(each -> member(body, each));
        body.endArray();
    }

    private void member(Utf8Json body, Shown member) {
        body.beginObject()
                .field("ip", member.host())
                .field("port", member.port())
                .field("state", member.state())
                .name("extendInfo")
                .beginObject()
                .field("lastRefreshTime", self.startedMillis())
                .name("raftMetaData")
                .beginObject()
                .name("metaDataMap")
                .beginObject();
        String leader = leader();
        for (String group : LOG_GROUPS) {
            body.name(group)
                    .beginObject()
                    .field("leader", leader)
                    .name("raftGroupMember")
                    .beginArray();
            rafts().forEach(body::value);
            body.endArray().field("term", 1).endObject();
        }
        body.endObject()
                .endObject()
                .field("raftPort", member.raftPort())
                .field("readyToUpgrade", true)
                .field("supportGrayModel", true)
                .field("version", Self.PROTOCOL_VERSION)
                .endObject()
                .field("address", member.address())
                .field("failAccessCnt", 0)
                .name("abilities")
                .beginObject()
                .name("remoteAbility")
                .beginObject()
                .field("supportRemoteConnection", true)
                .field("grpcReportEnabled", true)
                .endObject()
                .name("configAbility")
                .beginObject()
                .field("supportRemoteMetrics", false)
                .endObject()
                .name("namingAbility")
                .beginObject()
                .field("supportJraft", true)
                .endObject()
                .endObject()
                .field("grpcReportEnabled", true)
                .endObject();
    }

    private static Answer success(Consumer<Utf8Json> data) {
        Utf8Json body = new Utf8Json(1024);
        data.accept(body);
        return Envelope.success(body);
    }

    /** Wraps data in the envelope of the first console. */
    private static Answer result(Consumer<Utf8Json> data) {
        Utf8Json body = new Utf8Json(1024)
                .beginObject()
                .field("code", 200)
                .field("message", (String) null)
                .name("data");
        data.accept(body);
        return Answer.json(body.endObject().toBytes());
    }
}
