package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurationHistogramTest {
    private final DurationHistogram histogram =
            new DurationHistogram(List.of(Duration.ofMillis(5), Duration.ofMillis(10)));

    @Test
    void aBucketHoldsItsUpperEnd() {
        for (long nanos : new long[] {0, 5_000_000, 5_000_001, 10_000_000, 10_000_001, Long.MAX_VALUE / 4}) {
            histogram.addNanos(nanos);
        }

        assertThat(histogram.snapshot().counts()).containsExactly(2L, 2L, 2L);
        assertThat(histogram.snapshot().count()).isEqualTo(6);
    }

    @Test
    void addsUpAllDurations() {
        histogram.addNanos(1);
        histogram.addNanos(2);

        assertThat(histogram.snapshot().sumNanos()).isEqualTo(3);
    }

    @Test
    void aNegativeDurationCountsAsNone() {
        histogram.addNanos(-7);

        assertThat(histogram.snapshot().counts()).containsExactly(1L, 0L, 0L);
        assertThat(histogram.snapshot().sumNanos()).isZero();
    }

    @Test
    void readingResetsNothing() {
        histogram.addNanos(1);

        assertThat(histogram.snapshot()).isEqualTo(histogram.snapshot());
    }
}
