package io.registry.distro.port;

/** The time. Two clocks, since one of them may be wrong. */
public interface DistroClock {

    /** Returns milliseconds since 1970. May be wrong and may jump, so it serves stamps only, and no duration. */
    long wallMillis();

    /** Returns milliseconds since some moment of this process. Never goes back; every duration is measured with it. */
    long monotonicMillis();
}
