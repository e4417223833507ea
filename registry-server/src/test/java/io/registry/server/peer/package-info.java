/** Tests of the cluster port, over real sockets. */
@NullMarked
package io.registry.server.peer;

import org.jspecify.annotations.NullMarked;
