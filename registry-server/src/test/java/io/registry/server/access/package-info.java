/** Tests of tokens, passwords and logins. */
@NullMarked
package io.registry.server.access;

import org.jspecify.annotations.NullMarked;
