/**
 * The bytes of persistent state, in the log, in snapshots and in backups, as {@code persistent.proto} describes them, and of
 * what members ask each other to do, as {@code forward.proto} does. Knows the values and nothing of where the bytes are
 * kept or sent.
 */
@NullMarked
package io.registry.server.core.encoding;

import org.jspecify.annotations.NullMarked;
