/**
 * Unmodified clients that other people wrote, each in a process of its own with its own jars, against the real server
 * process. Knows only the protocol's public behaviour, nothing of the server's classes.
 */
@NullMarked
package io.registry.server.compat;

import org.jspecify.annotations.NullMarked;
