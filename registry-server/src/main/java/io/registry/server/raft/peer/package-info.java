/**
 * Calls between members on the Raft port: authenticated by the cluster's secret, encrypted where members speak TLS, one
 * question and one answer at a time on each connection. Knows nothing of what is asked.
 */
@NullMarked
package io.registry.server.raft.peer;

import org.jspecify.annotations.NullMarked;
