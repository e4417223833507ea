/**
 * Clusters of real processes that are killed, stand still and are cut, by chance, under clients of many kinds; and what has
 * to hold when they are whole again.
 */
@NullMarked
package io.registry.server.fault;

import org.jspecify.annotations.NullMarked;
