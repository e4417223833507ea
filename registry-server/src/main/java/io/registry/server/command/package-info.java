/**
 * What the jar does besides serving: asks a server over HTTP, prints, and ends. Starts nothing of the server.
 */
@NullMarked
package io.registry.server.command;

import org.jspecify.annotations.NullMarked;
