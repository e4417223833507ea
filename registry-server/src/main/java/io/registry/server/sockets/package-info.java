/**
 * What every gRPC port of the server needs beneath gRPC: event loops, a bound on the sockets that are accepted and a way
 * to end one, and log lines that nobody can make many of. Knows nothing of what is said on them.
 */
@NullMarked
package io.registry.server.sockets;

import org.jspecify.annotations.NullMarked;
