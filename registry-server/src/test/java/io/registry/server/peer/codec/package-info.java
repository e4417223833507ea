/** Tests of the bytes of what replication says. */
@NullMarked
package io.registry.server.peer.codec;

import org.jspecify.annotations.NullMarked;
