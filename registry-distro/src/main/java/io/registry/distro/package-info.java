/**
 * Eventually consistent replication of what ephemeral clients publish: one record per client, ordered by stamps.
 *
 * <p>Knows nothing of services or instances, and has no thread, clock, socket or randomness of its own: the outside
 * world is the handful of interfaces in {@code port}. Everything here runs on the loop of whoever owns it.
 */
@NullMarked
package io.registry.distro;

import org.jspecify.annotations.NullMarked;
