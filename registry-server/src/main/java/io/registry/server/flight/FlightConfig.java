package io.registry.server.flight;

import java.nio.file.Path;

/**
 * How a node records.
 *
 * @param enabled whether it does
 * @param directory where the segments are
 * @param bytes what they take together at the most
 * @param diskReserve what stays free on the disk, in bytes; below it, nothing is recorded
 */
public record FlightConfig(boolean enabled, Path directory, long bytes, long diskReserve) {}
