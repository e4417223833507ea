/**
 * Where the nodes of a cluster of real processes run: addresses of this machine, or network namespaces between which
 * packets can be lost. Knows nothing of servers.
 */
@NullMarked
package io.registry.server.testkit.network;

import org.jspecify.annotations.NullMarked;
