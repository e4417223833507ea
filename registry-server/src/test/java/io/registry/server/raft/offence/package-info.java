/** Planted: a class that others may not name. */
@NullMarked
package io.registry.server.raft.offence;

import org.jspecify.annotations.NullMarked;
