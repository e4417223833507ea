/** Tests of the log on Ratis, over real files. */
@NullMarked
package io.registry.server.raft;

import org.jspecify.annotations.NullMarked;
