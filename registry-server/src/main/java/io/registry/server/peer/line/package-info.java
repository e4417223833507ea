/**
 * What the streams between servers go over: ordered ways for frames from one node to another and back. Knows nothing of
 * what the frames are; that the two nodes know each other, and that nothing was changed on the way, is found out above.
 */
@NullMarked
package io.registry.server.peer.line;

import org.jspecify.annotations.NullMarked;
