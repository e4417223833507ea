/**
 * What must not be lost: the deterministic store of persistent state, its commands, and the port to the log.
 */
@NullMarked
package io.registry.server.core.persistent;

import org.jspecify.annotations.NullMarked;
