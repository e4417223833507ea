package io.registry.server.boot.offence;

/** Belongs to the start, which only the start may name. */
public final class Accomplice {}
