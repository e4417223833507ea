/**
 * The cluster port: the streams on which servers replicate to one another and ask one another. Each stream proves the
 * cluster's secret, is sealed and ordered, and loses rather than waits. Knows nothing of what is replicated but its
 * bytes.
 */
@NullMarked
package io.registry.server.peer;

import org.jspecify.annotations.NullMarked;
