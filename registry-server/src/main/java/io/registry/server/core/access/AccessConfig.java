package io.registry.server.core.access;

/**
 * Who has to log in. Whoever administers always has to.
 *
 * @param clients whether clients have to
 * @param metricsOpen whether figures may be read without
 */
public record AccessConfig(Clients clients, boolean metricsOpen) {

    /** Whether clients have to log in. */
    public enum Clients {
        /** They need not. */
        OPEN,
        /** They have to, and may do what their roles allow. */
        REQUIRED,
        /** They need not, but it is noted who would be refused if they had to. */
        REPORT
    }
}
