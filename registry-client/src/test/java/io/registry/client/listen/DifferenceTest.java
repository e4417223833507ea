package io.registry.client.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.listen.ServiceChange;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DifferenceTest {

    private static final ServiceKey SERVICE = new ServiceKey("n", "g", "s");

    private static Instance weighing(int number, double weight) {
        return Instance.builder("10.0.0." + number, 80).weight(weight).build();
    }

    @Test
    void differencesAreTold() {
        List<Instance> before = List.of(weighing(1, 1), weighing(2, 1), weighing(3, 1), weighing(4, 1));
        List<Instance> now = List.of(weighing(1, 1), weighing(3, 5), weighing(9, 1), weighing(4, 1));

        assertThat(Difference.between(SERVICE, before, now))
                .isEqualTo(new ServiceChange(
                        SERVICE, now, List.of(weighing(9, 1)), List.of(weighing(2, 1)), List.of(weighing(3, 5))));
    }

    @Test
    void anotherOrderIsNoDifference() {
        assertThat(Difference.between(
                                SERVICE,
                                List.of(weighing(1, 1), weighing(2, 1), weighing(3, 1)),
                                List.of(weighing(3, 1), weighing(1, 1), weighing(2, 1)))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void otherClusterIsAnotherInstance() {
        Instance moved = weighing(1, 1).withCluster("c2");

        ServiceChange change = Difference.between(SERVICE, List.of(weighing(1, 1)), List.of(moved));

        assertThat(change.added()).containsExactly(moved);
        assertThat(change.removed()).containsExactly(weighing(1, 1));
    }

    /** Against the plain way: maps of both lists, compared key by key. */
    @Test
    void anyTwoListsDifferAsTheirMapsDo() {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            List<Instance> before = some(random);
            List<Instance> now = some(random);
            Map<InstanceKey, Instance> was = mapped(before);
            Map<InstanceKey, Instance> is = mapped(now);

            ServiceChange change = Difference.between(SERVICE, before, now);

            assertThat(change.added())
                    .containsExactlyInAnyOrderElementsOf(now.stream()
                            .filter(each -> !was.containsKey(each.key()))
                            .toList());
            assertThat(change.removed())
                    .containsExactlyInAnyOrderElementsOf(before.stream()
                            .filter(each -> !is.containsKey(each.key()))
                            .toList());
            assertThat(change.modified())
                    .containsExactlyInAnyOrderElementsOf(now.stream()
                            .filter(each -> was.containsKey(each.key()) && !each.equals(was.get(each.key())))
                            .toList());
        }
    }

    private static List<Instance> some(Random random) {
        List<Instance> some = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            if (random.nextInt(3) > 0) {
                some.add(weighing(i, 1 + random.nextInt(4) / 3));
            }
        }
        if (random.nextInt(4) == 0) {
            Collections.shuffle(some, random);
        }
        return some;
    }

    private static Map<InstanceKey, Instance> mapped(List<Instance> instances) {
        return instances.stream().collect(Collectors.toMap(Instance::key, Function.identity()));
    }
}
