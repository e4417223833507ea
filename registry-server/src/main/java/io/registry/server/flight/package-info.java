/**
 * The flight recorder: what happened to instances on this node, what operators did and who was refused, kept in a bounded
 * file and read back. Only listens; nothing depends on what it has.
 */
@NullMarked
package io.registry.server.flight;

import org.jspecify.annotations.NullMarked;
