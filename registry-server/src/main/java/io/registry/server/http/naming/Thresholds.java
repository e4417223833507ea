package io.registry.server.http.naming;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.http.MetadataText;

/** Reads thresholds of protection: any finite number, at float precision. */
public final class Thresholds {

    private Thresholds() {}

    /** Reads a threshold; what is no finite number is refused. */
    public static float parse(String text) {
        float value = read(text);
        if (!Float.isFinite(value)) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER, "For input string: \"" + MetadataText.shown(text) + "\"");
        }
        return value;
    }

    /** Reads a threshold; what is no finite number is 0. */
    public static float parseLeniently(String text) {
        float value = read(text);
        return Float.isFinite(value) ? value : 0;
    }

    private static float read(String text) {
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }
}
