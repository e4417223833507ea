/**
 * Who the servers of the cluster are, as those parts of a node see it that speak with other servers. Does not know how
 * that is agreed upon.
 */
@NullMarked
package io.registry.server.core.cluster;

import org.jspecify.annotations.NullMarked;
