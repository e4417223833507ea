/** Active checks of persistent instances: what is checked, how often, and what follows from the results. */
@NullMarked
package io.registry.server.core.health;

import org.jspecify.annotations.NullMarked;
