/** Tests of the active checks on manual time. */
@NullMarked
package io.registry.server.core.health;

import org.jspecify.annotations.NullMarked;
