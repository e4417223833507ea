package io.registry.distro;

import io.registry.distro.port.DataPort;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import io.registry.distro.port.DistroTransport;
import io.registry.distro.port.Evidence;
import io.registry.distro.port.Jitter;

/**
 * All that replication sees of the world.
 *
 * @param data understands what is replicated
 * @param transport brings messages to other nodes
 * @param clock the time
 * @param timer runs things later, on the loop
 * @param jitter chance
 * @param evidence what this node heard of its clients
 * @param <K> names a part of the data
 * @param <D> what clients publish; immutable
 */
public record DistroPorts<K, D>(
        DataPort<K, D> data,
        DistroTransport<K, D> transport,
        DistroClock clock,
        DistroTimer timer,
        Jitter jitter,
        Evidence evidence) {}
