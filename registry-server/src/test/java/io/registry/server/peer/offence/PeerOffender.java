package io.registry.server.peer.offence;

/** Is named by the core. */
public final class PeerOffender {}
