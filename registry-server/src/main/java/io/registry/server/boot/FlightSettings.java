package io.registry.server.boot;

import io.registry.server.flight.FlightConfig;
import java.nio.file.Path;
import org.springframework.util.unit.DataSize;

/** Reads how the node records what happens. */
final class FlightSettings {

    private FlightSettings() {}

    static FlightConfig read(Settings settings, Path dataDir, int diskReserve) {
        return new FlightConfig(
                settings.truth("registry.flight-recorder.enabled", true),
                dataDir.resolve("flight"),
                settings.bytes(
                        "registry.flight-recorder.size",
                        DataSize.ofMegabytes(128),
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(2_000)),
                diskReserve);
    }
}
