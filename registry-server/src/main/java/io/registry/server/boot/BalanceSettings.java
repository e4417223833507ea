package io.registry.server.boot;

import io.registry.server.core.balance.BalanceConfig;
import java.time.Duration;

/** Reads how connections are moved between members. */
final class BalanceSettings {

    private BalanceSettings() {}

    static BalanceConfig read(Settings settings) {
        return new BalanceConfig(
                settings.truth("registry.rebalance.enabled", true),
                settings.time("registry.rebalance.settle", Duration.ofSeconds(15), Duration.ZERO, Duration.ofHours(1)),
                // Half of the hundredth that may be asked within any second: two members may ask in the same one.
                settings.whole("registry.rebalance.permille-per-second", 5, 1, 1_000),
                settings.time(
                        "registry.shutdown.move-within", Duration.ofSeconds(10), Duration.ZERO, Duration.ofMinutes(5)));
    }
}
