package org.rotunda.node.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.node.drain.PermitWait.Outcome;
import org.rotunda.room.mediaplane.DrainPermit;
import org.rotunda.room.mediaplane.DrainPermit.Answer;
import org.rotunda.room.nodewatch.NodeId;

/** Tests how long a node waits for the permit to empty itself. */
class PermitWaitTest {
    private static final Duration MAX = Duration.ofSeconds(60);
    private static final NodeId OTHER = new NodeId("10.0.0.1", 7355, 1);
    private static final Answer REFUSED = new Answer(false, List.of(OTHER));
    private static final Answer GRANTED = new Answer(true, List.of());

    private final PermitWait wait = new PermitWait(DrainPermit.Kind.MOVE_CONNECTIONS, MAX, 0);

    @Test
    void waitsUntilThePermitIsGranted() {
        wait.onAnswer(REFUSED, at(1));
        assertThat(wait.outcome()).isEqualTo(Outcome.WAITING);
        assertThat(wait.others()).containsExactly(OTHER);
        wait.onAnswer(GRANTED, at(2));
        assertThat(wait.outcome()).isEqualTo(Outcome.GRANTED);
    }

    @Test
    void goesOnWithoutAPermitAfterTheLongestWait() {
        wait.onAnswer(REFUSED, MAX.toNanos() - 1);
        assertThat(wait.outcome()).isEqualTo(Outcome.WAITING);
        wait.onAnswer(REFUSED, MAX.toNanos());
        assertThat(wait.outcome()).isEqualTo(Outcome.TIRED);
        assertThat(wait.outcome().isWithoutPermit()).isTrue();
    }

    @Test
    void goesOnWithoutAPermitWhenNobodyAnswers() {
        for (int i = 1; i < PermitWait.UNANSWERED_MAX; i++) {
            wait.onNoAnswer(at(i));
            assertThat(wait.outcome()).isEqualTo(Outcome.WAITING);
        }
        wait.onNoAnswer(at(PermitWait.UNANSWERED_MAX));
        assertThat(wait.outcome()).isEqualTo(Outcome.ALONE);
        assertThat(wait.outcome().isWithoutPermit()).isTrue();
    }

    @Test
    void anAnswerInBetweenStartsTheCountAgain() {
        for (int i = 1; i < 3 * PermitWait.UNANSWERED_MAX; i++) {
            if (i % (PermitWait.UNANSWERED_MAX - 1) == 0) {
                wait.onAnswer(REFUSED, at(i));
            } else {
                wait.onNoAnswer(at(i));
            }
        }
        assertThat(wait.outcome()).isEqualTo(Outcome.WAITING);
    }

    @Test
    void aGrantedPermitStaysWhateverIsNotAnswered() {
        wait.onAnswer(GRANTED, at(1));
        for (int i = 0; i < 2 * PermitWait.UNANSWERED_MAX; i++) {
            wait.onNoAnswer(at(70));
        }
        assertThat(wait.outcome()).isEqualTo(Outcome.GRANTED);
    }

    @Test
    void aLateGrantIsTaken() {
        wait.onAnswer(REFUSED, MAX.toNanos());
        wait.onAnswer(GRANTED, MAX.plusSeconds(1).toNanos());
        assertThat(wait.outcome()).isEqualTo(Outcome.GRANTED);
    }

    private static long at(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
