/**
 * What the ports of the server need beneath what is said on them: TLS for SDKs and between members, event loops, a bound
 * on the sockets that are accepted and a way to end one, and log lines that nobody can make many of.
 */
@NullMarked
package io.registry.server.sockets;

import org.jspecify.annotations.NullMarked;
