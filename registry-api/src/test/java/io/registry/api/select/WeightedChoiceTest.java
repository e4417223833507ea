package io.registry.api.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.registry.api.model.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightedChoiceTest {

    private static Instance weighing(int number, double weight) {
        return Instance.builder("10.0.0." + number, 80).weight(weight).build();
    }

    /** Counts how often each port of an even grid over 0..1 chooses each instance, as a share. */
    private static Map<String, Double> shares(List<Instance> instances) {
        WeightedChoice choice = WeightedChoice.among(instances);
        int draws = 100_000;
        Map<String, Double> shares = new HashMap<>();
        for (int i = 0; i < draws; i++) {
            Instance chosen = choice.choose((i + 0.5) / draws);
            if (chosen == null) {
                throw new AssertionError("nothing chosen");
            }
            shares.merge(chosen.ip(), 1.0 / draws, Double::sum);
        }
        return shares;
    }

    @Test
    void shareIsInProportionToTheWeight() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<Instance> instances = new ArrayList<>();
            double sum = 0;
            for (int i = 0; i < 1 + random.nextInt(40); i++) {
                double weight = random.nextInt(5) == 0 ? 10_000 : 0.5 + random.nextInt(20);
                sum += weight;
                instances.add(weighing(i, weight));
            }

            Map<String, Double> shares = shares(instances);

            for (Instance each : instances) {
                assertThat(shares.getOrDefault(each.ip(), 0.0)).isCloseTo(each.weight() / sum, within(0.001));
            }
        }
    }

    @Test
    void equalWeightsShareEvenly() {
        assertThat(shares(List.of(weighing(1, 2), weighing(2, 2), weighing(3, 2), weighing(4, 2)))
                        .values())
                .allSatisfy(share -> assertThat(share).isCloseTo(0.25, within(0.0001)));
    }

    @Test
    void onlyTheUsableTakePart() {
        List<Instance> instances = List.of(
                weighing(1, 0),
                Instance.builder("10.0.0.2", 80).healthy(false).build(),
                Instance.builder("10.0.0.3", 80).enabled(false).build(),
                weighing(4, 1));

        assertThat(shares(instances)).containsOnlyKeys("10.0.0.4");
        assertThat(WeightedChoice.among(instances).size()).isEqualTo(1);
    }

    @Test
    void nothingIsChosenFromNothing() {
        assertThat(WeightedChoice.among(List.of(weighing(1, 0))).choose(0.3)).isNull();
    }

    @Test
    void endsOfTheRangeAreTaken() {
        WeightedChoice choice = WeightedChoice.among(List.of(weighing(1, 1), weighing(2, 3)));

        assertThat(choice.choose(0)).isNotNull();
        assertThat(choice.choose(Math.nextDown(1.0))).isNotNull();
    }
}
