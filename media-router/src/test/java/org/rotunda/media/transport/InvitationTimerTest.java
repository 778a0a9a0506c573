package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import org.junit.jupiter.api.Test;

class InvitationTimerTest {
    private static final long SETTLE = InvitationTimer.SETTLE_NANOS;

    private final InvitationTimer timer = new InvitationTimer(true);

    @Test
    void aClientIsAskedWhenItHasAnsweredAndCheckedAndHadTimeToChooseItsPair() {
        timer.onCheck(100);
        assertThat(timer.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);

        timer.onAnswer(200);

        assertThat(timer.nextDeadlineNanos()).isEqualTo(100 + SETTLE);
        assertThat(timer.takeDue(99 + SETTLE)).isFalse();
        assertThat(timer.takeDue(100 + SETTLE)).isTrue();
        assertThat(timer.takeDue(100 + SETTLE)).isFalse();
    }

    @Test
    void aLateAnswerWaitsForNothing() {
        timer.onCheck(100);
        timer.onAnswer(100 + 3 * SETTLE);

        assertThat(timer.takeDue(100 + 3 * SETTLE)).isTrue();
    }

    @Test
    void laterChecksDoNotPostponeTheRequest() {
        timer.onAnswer(0);
        timer.onCheck(100);
        timer.onCheck(100 + SETTLE / 2);

        assertThat(timer.nextDeadlineNanos()).isEqualTo(100 + SETTLE);
    }

    @Test
    void requestsAreRepeatedUntilTheEnd() {
        timer.onAnswer(0);
        timer.onCheck(0);
        assertThat(timer.takeDue(SETTLE)).isTrue();
        assertThat(timer.nextDeadlineNanos()).isEqualTo(SETTLE + InvitationTimer.REPEAT_NANOS);

        timer.end();
        timer.onAnswer(2 * SETTLE);

        assertThat(timer.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
        assertThat(timer.takeDue(Long.MAX_VALUE - 1)).isFalse();
    }

    @Test
    void aClientThatDidNotMoveIsNotAsked() {
        InvitationTimer none = new InvitationTimer(false);
        none.onAnswer(0);
        none.onCheck(0);

        assertThat(none.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
    }
}
