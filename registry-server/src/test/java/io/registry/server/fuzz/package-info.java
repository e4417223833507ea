/** Random input for a real server process: whatever is sent, it stays whole. Knows the wire only. */
@NullMarked
package io.registry.server.fuzz;

import org.jspecify.annotations.NullMarked;
