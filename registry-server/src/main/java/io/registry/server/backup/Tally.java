package io.registry.server.backup;

/**
 * How much there is in a backup.
 *
 * @param services services about which something is kept
 * @param instances persistent instances
 * @param overrides what operators have set about instances
 * @param namespaces named namespaces
 * @param switches switches that were set
 * @param users users
 * @param changes the changes of the log that make all of it
 */
public record Tally(
        long services, long instances, long overrides, long namespaces, long switches, long users, long changes) {}
