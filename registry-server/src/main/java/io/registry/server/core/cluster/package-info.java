/**
 * The servers of the cluster, as a node sees them: who they are, what one asks another, and how replication between them
 * lives and stands. Does not know how membership is agreed upon, nor how words travel.
 */
@NullMarked
package io.registry.server.core.cluster;

import org.jspecify.annotations.NullMarked;
