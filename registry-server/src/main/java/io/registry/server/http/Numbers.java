package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;

/** Reads the numbers that come inside parameters; a text that is none is refused with the protocol's words. */
public final class Numbers {

    private Numbers() {}

    /** Reads an integer. */
    public static int integer(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw refusal(text);
        }
    }

    /** Reads an integer that may be long. */
    public static long wide(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw refusal(text);
        }
    }

    /** Reads a decimal number; NaN and infinities are read as such, for their range is checked by whoever asks. */
    public static double real(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw refusal(text);
        }
    }

    /** Returns the number that is written with as few digits as the given one, which widening would not keep. */
    public static double shown(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    private static RegistryException refusal(String text) {
        return new RegistryException(
                ErrorCode.INVALID_PARAMETER, "For input string: \"" + MetadataText.shown(text) + "\"");
    }
}
