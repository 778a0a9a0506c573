package org.rotunda.media.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void sumOfTwoHasTheCountsOfBoth() {
        Histogram one = new Histogram(List.of(1.0, 2.0), List.of(1L, 0L, 2L), 9);
        Histogram other = new Histogram(List.of(1.0, 2.0), List.of(0L, 4L, 1L), 11);

        assertThat(one.plus(other)).isEqualTo(new Histogram(List.of(1.0, 2.0), List.of(1L, 4L, 3L), 20));
        assertThat(one.plus(other).count()).isEqualTo(8);
        assertThat(one.plus(Histogram.empty(List.of(1.0, 2.0)))).isEqualTo(one);
    }

    @Test
    void differentBucketsAreRefused() {
        assertThatThrownBy(() -> Histogram.empty(List.of(1.0)).plus(Histogram.empty(List.of(2.0))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Histogram(List.of(1.0), List.of(1L), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
