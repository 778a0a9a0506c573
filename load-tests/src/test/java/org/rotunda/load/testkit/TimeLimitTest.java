package org.rotunda.load.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests how far a measured time may be above its limit, and a rate below it. */
class TimeLimitTest {
    private static final double MAX_MS = 100;
    private static final double BUSY_MAX_MS = MAX_MS * TimeLimit.BUSY;

    @Test
    void aStrictLimitIsTheLimit() {
        TimeLimit.holds("waits", List.of(1.0, MAX_MS), MAX_MS, true);
        assertThatThrownBy(() -> TimeLimit.holds("waits", List.of(1.0, MAX_MS + 1), MAX_MS, true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("waits, ms, of which a quiet machine needs 100.0");
    }

    @Test
    void aBusyMachineMayNeedFiveTimesAsLong() {
        TimeLimit.holds("waits", List.of(1.0, BUSY_MAX_MS), MAX_MS, false);
        assertThatThrownBy(() -> TimeLimit.holds("waits", List.of(1.0, BUSY_MAX_MS + 1), MAX_MS, false))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aBusyMachineMayReachAFifthOfARate() {
        assertThat(TimeLimit.leastRate(15, true)).isEqualTo(15);
        assertThat(TimeLimit.leastRate(15, false)).isEqualTo(3);
    }
}
