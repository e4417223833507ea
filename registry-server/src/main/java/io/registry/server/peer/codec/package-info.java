/**
 * The bytes of what replication says, as {@code distro.proto} describes them. Knows the values and nothing of the
 * streams that carry them.
 */
@NullMarked
package io.registry.server.peer.codec;

import org.jspecify.annotations.NullMarked;
