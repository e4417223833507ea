/** A server of the gRPC protocol that does what a test says. */
@NullMarked
package io.registry.client.stub;

import org.jspecify.annotations.NullMarked;
