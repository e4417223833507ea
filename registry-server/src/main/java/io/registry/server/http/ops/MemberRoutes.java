package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.HttpCall;
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
                                body -> body.beginArray().value(self.address()).endArray()))
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
        Utf8Json body = new Utf8Json(1024).beginObject().name("servers").beginArray();
        member(body);
        return Answer.json(body.endArray().endObject().toBytes());
    }

    private void list(HttpCall call, Utf8Json body) {
        String state = call.params().text("state");
        if (state != null && !STATES.contains(state.toUpperCase(Locale.ROOT))) {
            throw new RegistryException(ErrorCode.ILLEGAL_STATE, "Illegal state: " + state);
        }
        String prefix = call.params().text("keyword", call.params().text("address", ""));
        body.beginArray();
        if (self.address().startsWith(prefix) && (state == null || state.equalsIgnoreCase("UP"))) {
            member(body);
        }
        body.endArray();
    }

    private void member(Utf8Json body) {
        body.beginObject()
                .field("ip", self.ip())
                .field("port", self.port())
                .field("state", "UP")
                .name("extendInfo")
                .beginObject()
                .field("lastRefreshTime", self.startedMillis())
                .name("raftMetaData")
                .beginObject()
                .name("metaDataMap")
                .beginObject();
        String raftAddress = self.ip() + ":" + self.raftPort();
        for (String group : LOG_GROUPS) {
            body.name(group)
                    .beginObject()
                    .field("leader", raftAddress)
                    .name("raftGroupMember")
                    .beginArray()
                    .value(raftAddress)
                    .endArray()
                    .field("term", 1)
                    .endObject();
        }
        body.endObject()
                .endObject()
                .field("raftPort", Integer.toString(self.raftPort()))
                .field("readyToUpgrade", true)
                .field("supportGrayModel", true)
                .field("version", Self.PROTOCOL_VERSION)
                .endObject()
                .field("address", self.address())
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
