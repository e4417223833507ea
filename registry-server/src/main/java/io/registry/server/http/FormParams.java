package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parameters of a v2 or v3 call: typed, with the words that those versions have for what is missing or malformed. */
public final class FormParams {

    private final HttpParams params;

    /** Reads from the parameters of a call. */
    public FormParams(HttpCall call) {
        this.params = call.params();
    }

    /** Returns a text, or null where it is absent or blank. */
    public @Nullable String text(String name) {
        return params.text(name);
    }

    /** Returns a text, or the given one where it is absent or blank. */
    public String text(String name, String otherwise) {
        return params.text(name, otherwise);
    }

    /** Returns a text that must be there. */
    public String required(String name) {
        return required(name, "String");
    }

    /** Returns a text that must be there, and which a refusal calls by the given type. */
    public String required(String name, String type) {
        String value = params.text(name);
        if (value == null) {
            throw missing("Required parameter '" + name + "' type " + type + " is not present");
        }
        return value;
    }

    /** Returns a text that must be there, in the words of calls that have no form. */
    public String argument(String name) {
        return argument(name, "String");
    }

    /** Returns a text that must be there, in the words of calls that have no form, by the given type. */
    public String argument(String name, String type) {
        String value = params.text(name);
        if (value == null) {
            throw missing(
                    "Required request parameter '" + name + "' for method parameter type " + type + " is not present");
        }
        return value;
    }

    /** Returns a yes or no, or the given one where it is absent or blank. */
    public boolean truth(String name, boolean otherwise) {
        String value = params.text(name);
        return value == null ? otherwise : truthWord(name, value);
    }

    /** Returns a yes or no that must be there. */
    public boolean requiredTruth(String name) {
        return truthWord(name, required(name, "Boolean"));
    }

    /** Returns an integer, or the given one where it is absent or blank. */
    public int integer(String name, int otherwise) {
        String value = params.text(name);
        return value == null ? otherwise : Numbers.integer(value);
    }

    /** Returns an integer that must be there. */
    public int requiredInteger(String name) {
        return Numbers.integer(required(name, "Integer"));
    }

    /** Returns a decimal number, or the given one where it is absent or blank. */
    public double real(String name, double otherwise) {
        String value = params.text(name);
        return value == null ? otherwise : Numbers.real(value);
    }

    /** Reads a yes or no. */
    public boolean truthOf(String name, String value) {
        return truthWord(name, value);
    }

    /** Returns the service that the form names. */
    public ServiceKey service() {
        return ServiceNames.key(params, required("serviceName"));
    }

    /** Returns the service that a call without a form names. */
    public ServiceKey argumentService() {
        return ServiceNames.key(params, argument("serviceName"));
    }

    /** Returns the namespace that the call names. */
    public String namespace() {
        return params.text("namespaceId", ServiceKey.DEFAULT_NAMESPACE);
    }

    private static boolean truthWord(String name, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "1" -> true;
            case "false", "off", "no", "0" -> false;
            default ->
                throw new RegistryException(
                        ErrorCode.INVALID_PARAMETER,
                        "Parameter '" + name + "': " + MetadataText.shown(value) + " (expected: true or false)");
        };
    }

    private static RegistryException missing(String text) {
        return new RegistryException(ErrorCode.MISSING_PARAMETER, text);
    }
}
