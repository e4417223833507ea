/** Builds the node from its parts, starts and stops it. The only package that knows all the others. */
@NullMarked
package io.registry.server.boot;

import org.jspecify.annotations.NullMarked;
