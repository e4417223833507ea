package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.operate.SwitchOperator;
import io.registry.server.core.persistent.Switches;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.HttpParams;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;

/** Reading and setting switches, in all versions. */
public final class SwitchRoutes {

    private final SwitchOperator operator;
    private final Switches switches;

    /** Makes the handlers. */
    public SwitchRoutes(SwitchOperator operator, Switches switches) {
        this.operator = operator;
        this.switches = switches;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        for (String path : new String[] {"/v1/ns/operator/switches", "/v1/ns/ops/switches"}) {
            routes.add(
                            "GET",
                            path,
                            Access.inspect(Subject.ALL),
                            Dialect.NAMING_V1,
                            call -> Answer.json(SwitchTable.show(switches).toBytes()))
                    .add("PUT", path, Access.ADMINISTER, Dialect.NAMING_V1, this::setV1);
        }
        for (String path :
                new String[] {"/v2/ns/operator/switches", "/v2/ns/ops/switches", "/v3/admin/ns/ops/switches"}) {
            routes.add(
                            "GET",
                            path,
                            Access.inspect(Subject.ALL),
                            Dialect.ENVELOPE,
                            call -> Envelope.success(SwitchTable.show(switches, path.startsWith("/v3/"))))
                    .add("PUT", path, Access.ADMINISTER, Dialect.ENVELOPE, this::set);
        }
    }

    private Answer setV1(HttpCall call) {
        HttpParams params = call.params();
        set(call, bound(params, "entry"), bound(params, "value"), "true".equalsIgnoreCase(params.text("debug")));
        return Answer.OK;
    }

    private static String bound(HttpParams params, String name) {
        String value = params.raw(name);
        if (value == null) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Parameter '" + name + "' is missing");
        }
        return value.trim();
    }

    private Answer set(HttpCall call) {
        FormParams params = new FormParams(call);
        String entry = params.required("entry");
        // Blank is a value here: it clears what can be cleared.
        String value = call.params().has("value") ? params.text("value", "") : params.required("value");
        set(call, entry, value, params.truth("debug", false));
        return Envelope.OK;
    }

    private void set(HttpCall call, String entry, String value, boolean hereOnly) {
        SwitchTable.Setting setting = SwitchTable.check(entry, value);
        if (setting != null) {
            call.await(operator.set(setting.entry(), setting.value(), hereOnly));
        }
    }
}
