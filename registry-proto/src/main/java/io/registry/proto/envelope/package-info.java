/**
 * The message of the gRPC protocol: a type, headers and a JSON body in two layers of protobuf. Read and written by hand,
 * because the body must reach the socket from shared bytes. Knows nothing of what a body means.
 */
@NullMarked
package io.registry.proto.envelope;

import org.jspecify.annotations.NullMarked;
