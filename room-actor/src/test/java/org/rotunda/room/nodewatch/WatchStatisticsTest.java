package org.rotunda.room.nodewatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchStatisticsTest {
    private final WatchStatistics statistics = new WatchStatistics();

    @Test
    void readingTheLatenessResetsNothing() {
        statistics.beatLate(TimeUnit.MILLISECONDS.toNanos(600));
        statistics.tickLate(0);

        assertThat(statistics.beatLateness().snapshot())
                .isEqualTo(statistics.beatLateness().snapshot());
        assertThat(statistics.beatLateness().snapshot().count()).isEqualTo(1);
        assertThat(statistics.beatLateness().snapshot().sumNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(600));
        assertThat(statistics.tickLateness().snapshot().count()).isEqualTo(1);
    }
}
