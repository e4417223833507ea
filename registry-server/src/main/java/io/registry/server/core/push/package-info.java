/**
 * Who is behind, and telling them: one slot for each subscriber and service, newest state only. Knows who has
 * acknowledged what, for those who wait for it.
 */
@NullMarked
package io.registry.server.core.push;

import org.jspecify.annotations.NullMarked;
