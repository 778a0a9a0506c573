package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.time.Deadline;

class HandoverPacingTest {
    private static final long MS = 1_000_000;

    private final HandoverPacing pacing = new HandoverPacing(0);
    private final List<Long> reportedMs = new ArrayList<>();

    @Test
    void reportsTheFirstChangeAtOnce() {
        pacing.onBound(5 * MS);
        assertThat(pacing.nextDeadlineNanos()).isEqualTo(5 * MS);
        drain(5);
        pacing.onChannelsChanged();
        assertThat(pacing.nextDeadlineNanos()).isLessThanOrEqualTo(5 * MS);
        drain(5);

        assertThat(reportedMs).containsExactly(5L, 5L);
        assertThat(pacing.nextDeadlineNanos()).isEqualTo(Deadline.NO_DEADLINE);
    }

    @Test
    void reportsNewSsrcsAtMostOnceASecond() {
        for (long ms = 0; ms <= 3_000; ms += 10) {
            pacing.onBound(ms * MS);
            drain(ms);
        }

        assertThat(reportedMs).containsExactly(0L, 1_000L, 2_000L, 3_000L);
    }

    @Test
    void reportsChannelsAtMostTenTimesASecond() {
        for (long ms = 0; ms <= 300; ms += 10) {
            pacing.onChannelsChanged();
            drain(ms);
        }

        assertThat(reportedMs).containsExactly(0L, 100L, 200L, 300L);
    }

    @Test
    void aReportForOneReasonContainsTheOtherChanges() {
        pacing.onChannelsChanged();
        pacing.onBound(0);
        drain(0);

        assertThat(reportedMs).containsExactly(0L);
        assertThat(pacing.nextDeadlineNanos()).isEqualTo(Deadline.NO_DEADLINE);
    }

    @Test
    void aReportForAnotherReasonMakesADueReportUnnecessary() {
        pacing.onBound(0);
        drain(0);
        pacing.onBound(10 * MS);
        pacing.onChannelsChanged();
        assertThat(pacing.nextDeadlineNanos()).isLessThan(Deadline.NO_DEADLINE);

        pacing.onReported();

        assertThat(pacing.nextDeadlineNanos()).isEqualTo(Deadline.NO_DEADLINE);
        drain(2_000);
        assertThat(reportedMs).containsExactly(0L);
    }

    private void drain(long ms) {
        if (pacing.takeDue(ms * MS)) {
            reportedMs.add(ms);
            pacing.onReported();
        }
    }
}
