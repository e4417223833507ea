/** Tests of the gRPC adapter on a real core whose time is moved by hand; only the sockets are not there. */
@NullMarked
package io.registry.server.grpc;

import org.jspecify.annotations.NullMarked;
