/**
 * A world without threads: virtual time, a queue of events, a network that loses and delays, clocks that are wrong, and
 * chance that comes from a seed. Knows nothing of what runs in it.
 */
@NullMarked
package io.registry.distro.sim.engine;

import org.jspecify.annotations.NullMarked;
