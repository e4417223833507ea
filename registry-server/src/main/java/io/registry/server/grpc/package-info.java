/**
 * The gRPC side of the server: the port that SDKs connect to, their connections, and the pushes to them.
 *
 * <p>Turns messages into calls of the core's operators and answers into bytes, nothing else: what a registration means
 * is not known here. The identity of a client is its transport; nothing in a message names it. A connection whose user may
 * no longer do what goes on by it is ended.
 */
@NullMarked
package io.registry.server.grpc;

import org.jspecify.annotations.NullMarked;
