/**
 * The naming calls of the gRPC protocol, one class for each: reads a body, checks it, asks an operator of the core, writes
 * the answer. Knows neither transports nor streams; a caller is a client id here.
 */
@NullMarked
package io.registry.server.grpc.call;

import org.jspecify.annotations.NullMarked;
