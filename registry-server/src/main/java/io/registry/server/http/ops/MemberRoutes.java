package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.HttpCall;
import io.registry.server.http.JsonBody;
import io.registry.server.http.Routes;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** The list of members: this node alone. */
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

    /** Makes the handlers. */
    public MemberRoutes(Self self) {
        this.self = self;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("GET", "/v1/core/cluster/nodes", Dialect.CONSOLE_V1, call -> result(body -> list(call, body)))
                .add("GET", "/v1/core/cluster/self", Dialect.CONSOLE_V1, call -> result(this::member))
                .add(
                        "GET",
                        "/v1/core/cluster/simple/nodes",
                        Dialect.CONSOLE_V1,
                        call -> result(
                                body -> body.array().value(self.address()).end()))
                .add("GET", "/v1/core/cluster/health", Dialect.CONSOLE_V1, call -> result(body -> body.value("UP")))
                .add("GET", "/v2/core/cluster/node/self", Dialect.ENVELOPE, call -> success(this::member))
                .add("GET", "/v2/core/cluster/node/list", Dialect.ENVELOPE, call -> success(body -> list(call, body)))
                .add(
                        "GET",
                        "/v2/core/cluster/node/self/health",
                        Dialect.ENVELOPE,
                        call -> success(body -> body.value("UP")))
                .add("GET", "/v3/admin/core/cluster/node/self", Dialect.ENVELOPE, call -> success(this::member))
                .add(
                        "GET",
                        "/v3/admin/core/cluster/node/list",
                        Dialect.ENVELOPE,
                        call -> success(body -> list(call, body)))
                .add(
                        "GET",
                        "/v3/console/core/cluster/nodes",
                        Dialect.ENVELOPE,
                        call -> success(body -> list(call, body)))
                .add("GET", "/v1/ns/operator/servers", Dialect.NAMING_V1, this::servers)
                .add("GET", "/v1/ns/ops/servers", Dialect.NAMING_V1, this::servers);
    }

    private Answer servers(HttpCall call) {
        JsonBody body = new JsonBody(1024).object().name("servers").array();
        member(body);
        return Answer.json(body.end().end().bytes());
    }

    private void list(HttpCall call, JsonBody body) {
        String state = call.params().text("state");
        if (state != null && !STATES.contains(state.toUpperCase(Locale.ROOT))) {
            throw new RegistryException(ErrorCode.ILLEGAL_STATE, "Illegal state: " + state);
        }
        String prefix = call.params().text("keyword", call.params().text("address", ""));
        body.array();
        if (self.address().startsWith(prefix) && (state == null || state.equalsIgnoreCase("UP"))) {
            member(body);
        }
        body.end();
    }

    private void member(JsonBody body) {
        body.object()
                .field("ip", self.ip())
                .field("port", self.port())
                .field("state", "UP")
                .name("extendInfo")
                .object()
                .field("lastRefreshTime", self.startedMillis())
                .name("raftMetaData")
                .object()
                .name("metaDataMap")
                .object();
        String raftAddress = self.ip() + ":" + self.raftPort();
        for (String group : LOG_GROUPS) {
            body.name(group)
                    .object()
                    .field("leader", raftAddress)
                    .name("raftGroupMember")
                    .array()
                    .value(raftAddress)
                    .end()
                    .field("term", 1)
                    .end();
        }
        body.end()
                .end()
                .field("raftPort", Integer.toString(self.raftPort()))
                .field("readyToUpgrade", true)
                .field("supportGrayModel", true)
                .field("version", Self.PROTOCOL_VERSION)
                .end()
                .field("address", self.address())
                .field("failAccessCnt", 0)
                .name("abilities")
                .object()
                .name("remoteAbility")
                .object()
                .field("supportRemoteConnection", true)
                .field("grpcReportEnabled", true)
                .end()
                .name("configAbility")
                .object()
                .field("supportRemoteMetrics", false)
                .end()
                .name("namingAbility")
                .object()
                .field("supportJraft", true)
                .end()
                .end()
                .field("grpcReportEnabled", true)
                .end();
    }

    private static Answer success(Consumer<JsonBody> data) {
        JsonBody body = new JsonBody(1024);
        data.accept(body);
        return Envelope.success(body);
    }

    /** Wraps data in the envelope of the first console. */
    private static Answer result(Consumer<JsonBody> data) {
        JsonBody body = new JsonBody(1024)
                .object()
                .field("code", 200)
                .field("message", (String) null)
                .name("data");
        data.accept(body);
        return Answer.json(body.end().bytes());
    }
}
