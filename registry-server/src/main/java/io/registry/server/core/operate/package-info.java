/**
 * The calls that the protocols make: checks, the turn on the loop, the answer. Knows no protocol.
 */
@NullMarked
package io.registry.server.core.operate;

import org.jspecify.annotations.NullMarked;
