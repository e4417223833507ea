/** Checks over the network. */
@NullMarked
package io.registry.server.health;

import org.jspecify.annotations.NullMarked;
