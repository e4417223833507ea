package io.registry.distro.sim;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Seeds that have found something are kept, with a sentence on what it was. */
class KeptSeedsTest {

    private record Kept(long seed, String found) {

        static Kept of(String line) {
            String[] parts = line.split(" +", 2);
            return new Kept(Long.parseLong(parts[0]), parts[1]);
        }

        @Override
        public String toString() {
            return seed + ": " + found;
        }
    }

    static Stream<Kept> seeds() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                requireNonNull(KeptSeedsTest.class.getResourceAsStream("kept-seeds.txt")), StandardCharsets.UTF_8))) {
            List<Kept> kept = reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Kept::of)
                    .toList();
            return kept.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itIsFoundNoMore(Kept kept) {
        new Simulation(Protocols.REAL).run(kept.seed());
    }
}
