package io.registry.spring;

/**
 * The port to register.
 *
 * <p><b>Threading</b>: any thread.
 */
final class RegistrationPort {

    private final int configured;
    private volatile int opened;

    /**
     * Makes it.
     *
     * @param configured the port to register whatever is opened; 0 for the one that is opened
     */
    RegistrationPort(int configured) {
        this.configured = configured;
    }

    /** Says which port has been opened. */
    void opened(int port) {
        opened = port;
    }

    /** Returns the port to register; 0 or below where there is none. */
    int get() {
        return configured > 0 ? configured : opened;
    }
}
