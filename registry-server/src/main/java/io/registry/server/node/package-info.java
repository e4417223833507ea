/**
 * What a node keeps in its data directory: who it is, and the ephemeral records for a warm restart; and how files are
 * written there.
 */
@NullMarked
package io.registry.server.node;

import org.jspecify.annotations.NullMarked;
