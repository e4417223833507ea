/**
 * The log of persistent state on Apache Ratis. Knows the core's port to the log, and nothing of who proposes or of the
 * protocols that clients speak.
 */
@NullMarked
package io.registry.server.raft;

import org.jspecify.annotations.NullMarked;
