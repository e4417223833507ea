package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.access.Rule;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.http.Access;
import io.registry.server.http.Admission;
import io.registry.server.http.Answer;
import io.registry.server.http.CallWitness;
import io.registry.server.http.HttpCall;
import io.registry.server.http.HttpParams;
import io.registry.server.http.ServiceNames;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has every change that was made over HTTP recorded, and every backup that was given out, but for what clients do about
 * their own instances, which is told where it happens. Of what a call said, only parameters that are known to hold no
 * secret are kept; what a health check sends may hold one. And has every refusal recorded.
 */
public final class OperatorCalls implements CallWitness {

    private static final Set<String> CHANGES = Set.of("POST", "PUT", "PATCH", "DELETE");

    /** What changes nothing, and gives out what nobody but the administrator may have. */
    private static final Set<String> DISCLOSURES = Set.of("GET /v3/admin/core/ops/backup");

    /** What may have been done, or may yet be, though the caller was not told so. */
    private static final Set<ErrorCode> UNKNOWN = EnumSet.of(
            ErrorCode.NO_LEADER, ErrorCode.OVERLOADED, ErrorCode.STORAGE, ErrorCode.UNREACHABLE, ErrorCode.INTERNAL);

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
    public void answered(Access access, HttpCall call, Answer answer) {
        if (answer.status() == 403 && LoginRoutes.PATHS.contains(call.path())) {
            refusedLogin(call, "login failed");
        }
        if (answer.status() < 400 && isOperated(access, call)) {
            record.accept(operated(call, detail(call.params())));
        }
    }

    @Override
    public void failed(Access access, HttpCall call, ErrorCode code) {
        String undecided = LoginRoutes.PATHS.contains(call.path()) ? Admission.undecided(code) : null;
        if (undecided != null) {
            refusedLogin(call, undecided);
        }
        if (UNKNOWN.contains(code) && isOperated(access, call)) {
            record.accept(operated(call, "outcome unknown: " + code + " " + detail(call.params())));
        }
    }

    private void refusedLogin(HttpCall call, String why) {
        record.accept(refusal(call.origin().as(call.params().raw("username")), call, why));
    }

    /** Whether a call is an operator's act: what anybody and clients may do is none, or is told where it happens. */
    private static boolean isOperated(Access access, HttpCall call) {
        Rule.Need need = access.rule().need();
        boolean counts = CHANGES.contains(call.method()) || DISCLOSURES.contains(call.method() + " " + call.path());
        return counts && (need == Rule.Need.OPERATOR || need == Rule.Need.USER || need == Rule.Need.ADMINISTRATOR);
    }

    private static RegistryEvent.Operated operated(HttpCall call, String detail) {
        HttpParams params = call.params();
        return new RegistryEvent.Operated(
                call.origin(),
                call.method() + " " + call.path(),
                service(params),
                params.text("ip", ""),
                port(params),
                detail);
    }

    @Override
    public void refused(HttpCall call, @Nullable String name, String why) {
        Origin origin = call.origin();
        record.accept(refusal(origin.user() == null ? origin.as(name) : origin, call, why));
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
