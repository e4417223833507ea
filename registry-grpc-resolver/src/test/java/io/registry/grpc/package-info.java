/** Tests with a real registry, real servers of gRPC and real channels. */
@NullMarked
package io.registry.grpc;

import org.jspecify.annotations.NullMarked;
