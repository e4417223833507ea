/** What members ask each other for the log, by real sockets. */
package io.registry.server.raft.peer;
