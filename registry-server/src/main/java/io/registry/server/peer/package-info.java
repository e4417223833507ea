/**
 * The streams on which servers replicate to one another and ask one another. Each proves the cluster's secret, is sealed
 * and ordered, and loses rather than waits. Knows nothing of what is replicated but its bytes, and nothing of what carries
 * them.
 */
@NullMarked
package io.registry.server.peer;

import org.jspecify.annotations.NullMarked;
