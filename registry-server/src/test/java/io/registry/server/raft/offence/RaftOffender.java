package io.registry.server.raft.offence;

/** Is named by the core. */
public final class RaftOffender {}
