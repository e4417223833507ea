/**
 * Channels of gRPC to services by their names in the registry, {@code registry:///service}. Knows the public packages of
 * the client and {@code io.grpc}, and nothing of what carries the calls.
 */
@NullMarked
package io.registry.grpc;

import org.jspecify.annotations.NullMarked;
