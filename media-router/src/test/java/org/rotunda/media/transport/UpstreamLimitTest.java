package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.time.Deadline;

class UpstreamLimitTest {
    private static final long MS = 1_000_000L;

    private final UpstreamLimit limit = new UpstreamLimit();

    @Test
    void saysNothingWithoutALimit() {
        limit.set(0, 0);

        assertThat(limit.nextDeadlineNanos()).isEqualTo(Deadline.NO_DEADLINE);
    }

    @Test
    void tellsALowerLimitAtOnceAndAHigherOneAfterASecond() {
        limit.set(900_000, 0);
        assertThat(limit.isDue(0)).isTrue();
        assertThat(limit.take(0)).isEqualTo(900_000);

        limit.set(400_000, 100 * MS);
        assertThat(limit.isDue(100 * MS)).isTrue();
        assertThat(limit.take(100 * MS)).isEqualTo(400_000);

        limit.set(2_000_000, 200 * MS);
        assertThat(limit.isDue(1_099 * MS)).isFalse();
        assertThat(limit.isDue(1_100 * MS)).isTrue();
        assertThat(limit.take(1_100 * MS)).isEqualTo(2_000_000);
    }

    @Test
    void repeatsALimitThatStaysInForce() {
        limit.set(900_000, 0);
        limit.take(0);
        assertThat(limit.nextDeadlineNanos()).isEqualTo(1_000 * MS);
        limit.take(1_000 * MS);
        limit.take(2_000 * MS);

        assertThat(limit.nextDeadlineNanos()).isEqualTo(7_000 * MS);
    }

    @Test
    void tellsTheEndOfALimitThreeTimes() {
        limit.set(900_000, 0);
        limit.take(0);
        limit.set(0, 5_000 * MS);

        assertThat(limit.take(5_000 * MS)).isEqualTo(UpstreamLimit.UNLIMITED_BPS);
        limit.take(6_000 * MS);
        limit.take(7_000 * MS);
        assertThat(limit.nextDeadlineNanos()).isEqualTo(Deadline.NO_DEADLINE);
    }
}
