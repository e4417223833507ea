/** Planted offences of a class that serves gRPC. */
@NullMarked
package io.registry.server.grpc.offence;

import org.jspecify.annotations.NullMarked;
