/**
 * Recorded answers of the servers whose clients we serve, replayed against a real process of ours, and the behaviour
 * in time that clients build on: expiry, push over UDP, read-your-writes. Knows the wire only, none of the server's classes.
 */
@NullMarked
package io.registry.server.replay;

import org.jspecify.annotations.NullMarked;
