/**
 * All that a node knows and does about naming, put together: what is made of what, whoever starts it and on whatever time
 * it runs. Knows no framework, network, thread or disk.
 */
@NullMarked
package io.registry.server.core;

import org.jspecify.annotations.NullMarked;
