package io.registry.server.core.balance;

import java.time.Duration;

/**
 * How connections are moved between members.
 *
 * @param enabled whether a member that has more than its share moves some by itself
 * @param settle for how long all members have to have been ready, and the same, before that begins
 * @param permillePerSecond how many of the cluster's clients, in thousandths, all members together ask to move within a
 *     second; one at a time in any case
 * @param leaveWithin how long clients are given to move when a member stops, until its port closes
 */
public record BalanceConfig(boolean enabled, Duration settle, int permillePerSecond, Duration leaveWithin) {}
