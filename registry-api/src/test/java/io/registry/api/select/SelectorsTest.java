package io.registry.api.select;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {

    private static final Instance ONE =
            Instance.builder("10.0.0.1", 80).cluster("c1").metadata("zone", "a").build();
    private static final Instance TWO = Instance.builder("10.0.0.2", 80)
            .cluster("c2")
            .metadata("zone", "a")
            .healthy(false)
            .build();
    private static final Instance THREE =
            Instance.builder("10.0.0.3", 80).cluster("c3").weight(0).build();
    private static final List<Instance> ALL = List.of(ONE, TWO, THREE);

    @Test
    void selectorsLetThroughWhatTheySay() {
        assertThat(InstanceSelector.all().select(ALL)).isSameAs(ALL);
        assertThat(InstanceSelector.healthy().select(ALL)).containsExactly(ONE);
        assertThat(InstanceSelector.clusters(List.of("c3", "c1")).select(ALL)).containsExactly(ONE, THREE);
        assertThat(InstanceSelector.clusters(List.of("c3,c2")).select(ALL)).containsExactly(TWO, THREE);
        assertThat(InstanceSelector.metadata("zone", "a").select(ALL)).containsExactly(ONE, TWO);
        assertThat(InstanceSelector.metadata("zone", "a")
                        .and(InstanceSelector.healthy())
                        .select(ALL))
                .containsExactly(ONE);
        assertThat(InstanceSelector.where(each -> each.port() == 81).select(ALL))
                .isEmpty();
    }

    @Test
    void selectorsOfEqualArgumentsAreEqual() {
        assertThat(InstanceSelector.clusters(List.of("a", "b")))
                .isEqualTo(InstanceSelector.clusters(List.of("b", "a")))
                .isNotEqualTo(InstanceSelector.clusters(List.of("a")));
        assertThat(InstanceSelector.clusters(List.of(""))).isEqualTo(InstanceSelector.all());
        assertThat(InstanceSelector.healthy().and(InstanceSelector.metadata("k", "v")))
                .isEqualTo(InstanceSelector.healthy().and(InstanceSelector.metadata("k", "v")));
    }

    @ParameterizedTest
    @CsvSource({
        "*, anything, true",
        "abc, abc, true",
        "abc, abcd, false",
        "abc*, abcd, true",
        "abc*, xabc, false",
        "*abc, xabc, true",
        "*abc, abcx, false",
        "*b*, abc, true",
        "*x*, abc, false",
        "a*c, abc, false",
        "**, abc, true",
        ".*, svc, false",
        ".*, .svc, true"
    })
    void patternMatches(String pattern, String name, boolean matches) {
        assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
    }
}
