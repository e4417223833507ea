/** The connection to a server: its life as a state machine, what is asked on it, and what the server asks. */
@NullMarked
package io.registry.client.grpc;

import org.jspecify.annotations.NullMarked;
