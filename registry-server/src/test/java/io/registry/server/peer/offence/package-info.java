/** Planted offences of a class that speaks with other servers. */
@NullMarked
package io.registry.server.peer.offence;

import org.jspecify.annotations.NullMarked;
