/**
 * Lines as numbered requests to the HTTP port of a member, for networks in which nothing else passes between servers.
 * Nothing of it exists where lines are gRPC streams.
 */
@NullMarked
package io.registry.server.peer.http;

import org.jspecify.annotations.NullMarked;
