package io.registry.server.http.v1;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.server.http.HttpCall;
import io.registry.server.http.HttpParams;
import io.registry.server.http.Numbers;
import io.registry.server.http.ServiceNames;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parameters of a v1 call: trimmed, with the words that v1 has for what is missing or malformed. */
final class V1Params {

    /** The largest page of a list, whatever is asked for. */
    private static final int PAGE_SIZE_MAX = 500;

    private final HttpParams params;

    V1Params(HttpCall call) {
        this.params = call.params();
    }

    @Nullable
    String text(String name) {
        return params.text(name);
    }

    String text(String name, String otherwise) {
        return params.text(name, otherwise);
    }

    /** Returns a text that its handler requires. */
    String required(String name) {
        String value = params.text(name);
        if (value == null) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Param '" + name + "' is required.");
        }
        return value;
    }

    /** Returns a text that is required before the handler is asked, which has words of its own; blank is a value. */
    String bound(String name) {
        String value = params.raw(name);
        if (value == null) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Parameter '" + name + "' is missing");
        }
        return value.trim();
    }

    int integer(String name, int otherwise) {
        String value = params.text(name);
        return value == null ? otherwise : Numbers.integer(value);
    }

    int requiredInteger(String name) {
        return Numbers.integer(required(name));
    }

    /** Returns an integer that must be there; what is none is 0. */
    int lenientInteger(String name) {
        String value = required(name);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Returns an integer that is required before the handler is asked. */
    int boundInteger(String name) {
        return Numbers.integer(bound(name));
    }

    /** Returns how many a page may hold of those asked for. */
    static int pageSize(int wanted) {
        return Math.min(wanted, PAGE_SIZE_MAX);
    }

    double real(String name, double otherwise) {
        String value = params.text(name);
        return value == null ? otherwise : Numbers.real(value);
    }

    /** Returns a truth word; whatever is none is false. */
    boolean truth(String name, boolean otherwise) {
        String value = params.text(name);
        return value == null ? otherwise : isTrue(value);
    }

    /** Returns whether a parameter is the word true, in any case. */
    boolean isExactlyTrue(String name, boolean otherwise) {
        String value = params.text(name);
        return value == null ? otherwise : value.equalsIgnoreCase("true");
    }

    static boolean isTrue(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "y", "on", "t" -> true;
            default -> false;
        };
    }

    /** Returns the service that the call names. */
    ServiceKey service() {
        return ServiceNames.key(params, required("serviceName"));
    }

    /** Returns the service that the call names, where it is required before the handler is asked. */
    ServiceKey boundService() {
        return ServiceNames.key(params, bound("serviceName"));
    }

    String namespace() {
        return params.text("namespaceId", ServiceKey.DEFAULT_NAMESPACE);
    }

    /** Returns the cluster under either of its names. */
    String cluster() {
        String cluster = params.text("clusterName");
        return cluster == null ? params.text("cluster", Instance.DEFAULT_CLUSTER) : cluster;
    }
}
