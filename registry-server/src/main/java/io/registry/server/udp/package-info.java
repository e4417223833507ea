/**
 * Pushes to clients of the 1.x generation, over UDP, with their acknowledgements and one repetition.
 */
@NullMarked
package io.registry.server.udp;

import org.jspecify.annotations.NullMarked;
