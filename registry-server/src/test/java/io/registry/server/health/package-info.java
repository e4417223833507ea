/** Tests of what checks may do on the network. */
@NullMarked
package io.registry.server.health;

import org.jspecify.annotations.NullMarked;
