/** Tests of the naming calls: what they accept, what they refuse and in which form. */
@NullMarked
package io.registry.server.grpc.call;

import org.jspecify.annotations.NullMarked;
