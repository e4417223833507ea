/**
 * The bytes of persistent state, in the log, in snapshots and in backups, as {@code persistent.proto} describes them. Knows
 * the values and nothing of where the bytes are kept.
 */
@NullMarked
package io.registry.server.core.encoding;

import org.jspecify.annotations.NullMarked;
