package org.rotunda.room.nodewatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.DeadlineTimer.Change;

class DeadlineTimerTest {
    private static final long BEAT = 250;
    private static final long NONE = Long.MAX_VALUE;

    private final DeadlineTimer timer = new DeadlineTimer(BEAT);

    @Test
    void aDeadlineThatComesNearIsSetAlthoughItHasNotChanged() {
        assertThat(timer.follow(1_000, 0)).isEqualTo(Change.NONE);
        assertThat(timer.follow(1_000, 750)).isEqualTo(Change.NONE);
        assertThat(timer.follow(1_000, 751)).isEqualTo(Change.SET);
        assertThat(timer.follow(1_000, 900)).isEqualTo(Change.NONE);
    }

    @Test
    void aDeadlineThatMovesIsSetAnew() {
        timer.follow(1_000, 900);
        assertThat(timer.follow(1_100, 900)).isEqualTo(Change.SET);
        assertThat(timer.follow(2_000, 900)).isEqualTo(Change.CANCEL);
        assertThat(timer.follow(2_000, 950)).isEqualTo(Change.NONE);
    }

    @Test
    void aDeadlineThatIsGoneCancelsTheTimerOnce() {
        timer.follow(1_000, 900);
        assertThat(timer.follow(NONE, 900)).isEqualTo(Change.CANCEL);
        assertThat(timer.follow(NONE, 900)).isEqualTo(Change.NONE);
    }

    @Test
    void aTimerThatFiredIsSetAgainForTheSameDeadline() {
        timer.follow(1_000, 900);
        timer.onFired();
        assertThat(timer.follow(1_000, 999)).isEqualTo(Change.SET);
        assertThat(timer.follow(1_000, 1_001)).isEqualTo(Change.NONE);
    }

    @Test
    void aDeadlineThatHasPassedIsSet() {
        assertThat(timer.follow(1_000, 1_100)).isEqualTo(Change.SET);
    }
}
