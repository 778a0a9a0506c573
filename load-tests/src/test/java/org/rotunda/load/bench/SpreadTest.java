package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(Spread.of(List.of(9.0, 1.0, 5.0))).isEqualTo(new Spread(5, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 8.0))).isEqualTo(new Spread(3, 1, 8));
    }

    @Test
    void nanValuesAreLeftOut() {
        assertThat(Spread.of(List.of(Double.NaN, 2.0))).isEqualTo(new Spread(2, 2, 2));
        assertThat(Spread.of(List.of(Double.NaN)).median()).isNaN();
    }

    @Test
    void aPercentileIsOneOfTheValues() {
        List<Double> hundred = java.util.stream.IntStream.rangeClosed(1, 100)
                .mapToObj(i -> (double) (101 - i))
                .toList();

        assertThat(Spread.percentile(hundred, 0.5)).isEqualTo(50);
        assertThat(Spread.percentile(hundred, 0.99)).isEqualTo(99);
        assertThat(Spread.percentile(hundred, 1)).isEqualTo(100);
        assertThat(Spread.percentile(List.of(7.0), 0.5)).isEqualTo(7);
        assertThat(Spread.percentile(List.of(), 0.5)).isNaN();
    }
}
