/**
 * Facts that happened, delivered in order on the loop. Carries values only, never a live object.
 */
@NullMarked
package io.registry.server.core.event;

import org.jspecify.annotations.NullMarked;
