package io.registry.server.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void withinATenthOfTheMeanIsEven() {
        assertThat(new Spread(List.of(110, 100, 90)).isEven()).isTrue();
        assertThat(new Spread(List.of(111, 100, 89)).isEven()).isFalse();
    }

    @Test
    void aMemberThatHasTooFewIsNoticedWhereNoneHasTooMany() {
        Spread spread = new Spread(List.of(105, 105, 105, 105, 105, 105, 105, 105, 105, 55));

        assertThat(spread.isEven()).isFalse();
        assertThat(spread.share()).isEqualTo(100);
        assertThat(spread.overloaded()).isEqualTo(9);
    }

    @Test
    void aFewClientsAreNotMovedForTheirOwnSake() {
        assertThat(new Spread(List.of(3, 2, 1)).isEven()).isTrue();
        assertThat(new Spread(List.of(2, 0, 0)).isEven()).isTrue();
        assertThat(new Spread(List.of(4, 4, 1)).isEven()).isFalse();
        assertThat(new Spread(List.of(0, 0, 0)).isEven()).isTrue();
    }
}
