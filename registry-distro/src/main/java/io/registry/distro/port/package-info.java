/**
 * What replication needs from outside: time, timers, and an understanding of the data it carries. One small interface
 * each, implemented by the server and by tests.
 */
@NullMarked
package io.registry.distro.port;

import org.jspecify.annotations.NullMarked;
