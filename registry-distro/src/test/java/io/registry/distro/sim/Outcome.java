package io.registry.distro.sim;

/**
 * What became of a run in which nothing was objected to.
 *
 * @param traceHash of all that happened
 * @param events how much happened
 * @param settledMillis how long after the last fault all nodes showed the truth
 * @param anomalies what was counted
 */
public record Outcome(long traceHash, long events, long settledMillis, Anomalies anomalies) {}
