package io.registry.distro.port;

/** Chance, so that nodes do not all do the same thing at the same time. */
@FunctionalInterface
public interface Jitter {

    /**
     * Returns a number between 0 and a bound, both included.
     *
     * @param boundMillis in milliseconds, at least 0
     */
    long upTo(long boundMillis);
}
