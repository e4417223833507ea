package io.registry.distro;

import io.registry.distro.model.DistroRecord;
import java.time.Duration;

/**
 * A record that this node knew before it was restarted.
 *
 * @param record a living one
 * @param lease how long it may stay without anybody who speaks for it; what had been held in this way before keeps what
 *     was left of its first lease, so that a node which keeps crashing does not keep the dead for ever
 * @param <D> what clients publish
 */
public record Kept<D>(DistroRecord<D> record, Duration lease) {}
