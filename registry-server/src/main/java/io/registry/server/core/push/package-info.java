/**
 * Who is behind, and telling them: one slot for each subscriber and service, newest state only.
 */
@NullMarked
package io.registry.server.core.push;

import org.jspecify.annotations.NullMarked;
