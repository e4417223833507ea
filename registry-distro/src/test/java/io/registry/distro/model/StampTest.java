package io.registry.distro.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StampTest {

    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");

    @Test
    void componentsCountInTheOrderOfTheirDeclaration() {
        List<Stamp> ascending = List.of(
                new Stamp(0, 9, 9, B, 9),
                new Stamp(1, 1, 9, B, 9),
                new Stamp(1, 2, 0, B, 9),
                new Stamp(1, 2, 1, A, 8),
                new Stamp(1, 2, 1, A, 9),
                new Stamp(1, 2, 1, B, 1),
                new Stamp(2, 2, 0, A, 1));
        List<Stamp> shuffled = new ArrayList<>(ascending);
        Collections.shuffle(shuffled, new Random(7));

        Collections.sort(shuffled);

        assertThat(shuffled).isEqualTo(ascending);
    }

    @Test
    void equalStampsAreNeitherAfterTheOther() {
        Stamp stamp = new Stamp(5, 6, 1, A, 1);

        assertThat(stamp.isAfter(new Stamp(5, 6, 1, A, 1))).isFalse();
    }

    @Test
    void negativeTimesAreRefused() {
        assertThatThrownBy(() -> new Stamp(-1, 0, 0, A, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("told=-1");
    }

    @Test
    void aTombstoneNeedsACauseOfDeathAndDataOneOfLife() {
        Stamp stamp = new Stamp(1, 1, 0, A, 1);
        ClientId client = new ClientId("c");

        assertThatThrownBy(() -> new DistroRecord<String>(client, ClientKind.BEAT, A, 1, stamp, null, Cause.PUBLISHED))
                .hasMessageContaining("PUBLISHED");
        assertThatThrownBy(() -> new DistroRecord<>(client, ClientKind.BEAT, A, 1, stamp, "data", Cause.WITHDRAWN))
                .hasMessageContaining("WITHDRAWN");
        assertThatThrownBy(() -> new DistroRecord<String>(client, ClientKind.BEAT, A, 1, stamp, null, Cause.FORGOTTEN))
                .hasMessageContaining("FORGOTTEN");
    }
}
