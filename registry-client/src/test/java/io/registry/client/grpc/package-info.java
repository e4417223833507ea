/** The delays of the connection. */
@NullMarked
package io.registry.client.grpc;

import org.jspecify.annotations.NullMarked;
