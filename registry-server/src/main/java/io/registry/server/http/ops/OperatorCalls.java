package io.registry.server.http.ops;

import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.http.Answer;
import io.registry.server.http.CallWitness;
import io.registry.server.http.HttpCall;
import io.registry.server.http.HttpParams;
import io.registry.server.http.ServiceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has every change that was made over HTTP recorded, but for what clients do about their own instances, which is told
 * where it happens. Of what a call said, only parameters that are known to hold no secret are kept; what a health check
 * sends may hold one. And has every refusal recorded.
 */
public final class OperatorCalls implements CallWitness {

    private static final Set<String> CHANGES = Set.of("POST", "PUT", "PATCH", "DELETE");

    private static final Set<String> LOGINS = Set.of("/v1/auth/login", "/v1/auth/users/login", "/v3/auth/user/login");

    /** What clients do, and what changes nothing. */
    static final Set<String> OTHERS = Set.of(
            "POST /v1/ns/instance",
            "DELETE /v1/ns/instance",
            "PUT /v1/ns/instance/beat",
            "POST /v2/ns/instance",
            "DELETE /v2/ns/instance",
            "PUT /v2/ns/instance/beat",
            "POST /v3/client/ns/instance",
            "DELETE /v3/client/ns/instance",
            "POST /v1/auth/login",
            "POST /v1/auth/users/login",
            "POST /v3/auth/user/login");

    /** What is kept, in this order. */
    private static final List<String> SHOWN = List.of(
            "namespaceId",
            "groupName",
            "serviceName",
            "clusterName",
            "ip",
            "port",
            "scope",
            "ephemeral",
            "weight",
            "enabled",
            "healthy",
            "metadata",
            "instances",
            "expiresAfterSeconds",
            "expiresAtMillis",
            "protectThreshold",
            "selector",
            "checkPort",
            "useInstancePort4Check",
            "entry",
            "value",
            "debug",
            "customNamespaceId",
            "namespace",
            "namespaceName",
            "namespaceShowName",
            "namespaceDesc",
            "logName",
            "logLevel",
            "id",
            "address",
            "count",
            "connectionId",
            "redirectAddress",
            "loaderFactor",
            "username",
            "role",
            "resource",
            "action");

    private static final int VALUE_MAX = 200;

    private final Consumer<? super RegistryEvent> record;

    /**
     * Makes the witness.
     *
     * @param record takes what is to be kept; from any thread, without blocking
     */
    public OperatorCalls(Consumer<? super RegistryEvent> record) {
        this.record = record;
    }

    @Override
    public void answered(HttpCall call, Answer answer) {
        if (answer.status() == 403 && LOGINS.contains(call.path())) {
            String name = call.params().raw("username");
            record.accept(refusal(call.origin().as(name), call, "login failed"));
        }
        if (answer.status() >= 400 || !CHANGES.contains(call.method())) {
            return;
        }
        String action = call.method() + " " + call.path();
        if (OTHERS.contains(action)) {
            return;
        }
        HttpParams params = call.params();
        record.accept(new RegistryEvent.Operated(
                call.origin(), action, service(params), params.text("ip", ""), port(params), detail(params)));
    }

    @Override
    public void refused(HttpCall call, String why) {
        record.accept(refusal(call.origin(), call, why));
    }

    private static RegistryEvent.Refused refusal(Origin origin, HttpCall call, String why) {
        return new RegistryEvent.Refused(origin, call.method() + " " + call.path(), service(call.params()), why);
    }

    private static @Nullable ServiceKey service(HttpParams params) {
        String name = params.text("serviceName");
        try {
            return name == null ? null : ServiceNames.key(params, name);
        } catch (RegistryException e) {
            // A call that takes a name of this form for something else.
            return null;
        }
    }

    private static int port(HttpParams params) {
        try {
            return Integer.parseInt(params.text("port", "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String detail(HttpParams params) {
        List<String> parts = new ArrayList<>();
        for (String name : SHOWN) {
            String value = params.text(name);
            if (value != null) {
                parts.add(name + "=" + (value.length() <= VALUE_MAX ? value : value.substring(0, VALUE_MAX) + "..."));
            }
        }
        return String.join(" ", parts);
    }
}
