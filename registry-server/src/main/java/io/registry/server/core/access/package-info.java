/**
 * Who acts, and whether they may: the one decision point of every protocol. Knows the kept accounts and nothing of how a
 * caller's word comes here, of tokens, or of how passwords are hashed.
 */
@NullMarked
package io.registry.server.core.access;

import org.jspecify.annotations.NullMarked;
