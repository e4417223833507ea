/**
 * What a node keeps in its data directory: who it is, and the ephemeral records for a warm restart.
 */
@NullMarked
package io.registry.server.node;

import org.jspecify.annotations.NullMarked;
