/** Lines as gRPC streams over a port of their own, the cluster port. */
@NullMarked
package io.registry.server.peer.grpc;

import org.jspecify.annotations.NullMarked;
