/**
 * The one loop on which all naming state is written, and its bound. Knows nothing of what runs on it.
 */
@NullMarked
package io.registry.server.core.loop;

import org.jspecify.annotations.NullMarked;
