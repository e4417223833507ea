package io.registry.server.core.operate;

/**
 * What a beat is answered.
 *
 * @param code {@link #HEARD} or {@link #REGISTER}
 * @param intervalMillis when to beat again
 * @param light whether beats without content will do from now on
 */
public record BeatAnswer(int code, long intervalMillis, boolean light) {

    /** The instance is known, or is now. The number is the wire protocol's. */
    public static final int HEARD = 10_200;

    /** The instance is not known, or known from an old word only: register again. The number is the wire protocol's. */
    public static final int REGISTER = 20_404;
}
