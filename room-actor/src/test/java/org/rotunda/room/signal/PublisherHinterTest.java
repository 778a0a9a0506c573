package org.rotunda.room.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.signal.ClientSignalReaderTest.CAM;
import static org.rotunda.room.signal.PublisherHinter.AGAIN_AFTER_NANOS;
import static org.rotunda.room.signal.PublisherHinter.ANSWER_WITHIN_NANOS;
import static org.rotunda.room.signal.PublisherHinter.FEWER_AFTER_NANOS;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.ServerSignal.PublisherHint;
import org.rotunda.room.signal.ServerSignal.PublisherHints;

/** Tests which hints a publisher gets, and when. */
class PublisherHinterTest {
    private static final TrackSid OTHER = TrackSid.random(new Random(1));
    private final PublisherHinter hinter = new PublisherHinter();

    @Test
    void asksForFewerEncodingsAfterAWhileAndForMoreAtOnce() {
        hinter.onOpened(false);
        hinter.need(CAM, 3, 3, 0);
        assertThat(hinter.take(0)).as("a client begins with all encodings").isEmpty();
        hinter.need(CAM, 3, 1, 100);
        assertThat(hinter.take(100)).isEmpty();
        assertThat(hinter.nextDeadlineNanos()).isEqualTo(100 + FEWER_AFTER_NANOS);
        assertThat(hinter.take(100 + FEWER_AFTER_NANOS)).contains(hint(1, CAM, 1));
        answers(1, CAM, HintResult.OK, 200 + FEWER_AFTER_NANOS);
        assertThat(hinter.told(CAM)).isEqualTo(1);

        hinter.need(CAM, 3, 3, 300 + FEWER_AFTER_NANOS);
        assertThat(hinter.take(300 + FEWER_AFTER_NANOS)).contains(hint(2, CAM, 3));
    }

    @Test
    void aViewerThatComesBackInTimeIsNotNoticed() {
        hinter.onOpened(false);
        hinter.need(CAM, 3, 0, 0);
        hinter.need(CAM, 3, 3, FEWER_AFTER_NANOS - 1);

        assertThat(hinter.take(3 * FEWER_AFTER_NANOS)).isEmpty();
        assertThat(hinter.nextDeadlineNanos()).isEqualTo(PublisherHinter.NEVER);
    }

    @Test
    void oneMessageIsOutstandingAtATime() {
        hinter.onOpened(false);
        hinter.need(CAM, 3, 0, 0);
        hinter.take(FEWER_AFTER_NANOS);
        hinter.need(CAM, 3, 2, FEWER_AFTER_NANOS);
        assertThat(hinter.take(FEWER_AFTER_NANOS)).isEmpty();
        answers(9, CAM, HintResult.OK, FEWER_AFTER_NANOS);
        assertThat(hinter.take(FEWER_AFTER_NANOS)).as("an answer to nothing").isEmpty();
        answers(1, CAM, HintResult.OK, FEWER_AFTER_NANOS);

        assertThat(hinter.take(FEWER_AFTER_NANOS)).contains(hint(2, CAM, 2));
    }

    @Test
    void aMessageWithoutAnAnswerIsRepeatedUnderANewId() {
        hinter.onOpened(false);
        hinter.need(CAM, 3, 0, 0);
        hinter.take(FEWER_AFTER_NANOS);
        long due = FEWER_AFTER_NANOS + ANSWER_WITHIN_NANOS;
        assertThat(hinter.nextDeadlineNanos()).isEqualTo(due);
        assertThat(hinter.take(due - 1)).isEmpty();

        assertThat(hinter.take(due)).contains(hint(2, CAM, 0));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN_TRACK", "REQUEST_SKIPPED", "OTHER"})
    void aHintThatWasNotCarriedOutIsSentAgainAFewTimes(HintResult result) {
        hinter.onOpened(false);
        hinter.need(CAM, 3, 0, 0);
        long now = FEWER_AFTER_NANOS;
        for (int i = 1; i <= PublisherHinter.AGAIN_MAX; i++) {
            assertThat(hinter.take(now)).as("attempt %d", i).contains(hint(i, CAM, 0));
            answers(i, CAM, result, now);
            assertThat(hinter.take(now)).isEmpty();
            now += AGAIN_AFTER_NANOS;
        }
        assertThat(hinter.take(now)).isEmpty();
        assertThat(hinter.nextDeadlineNanos()).isEqualTo(PublisherHinter.NEVER);
    }

    @Test
    void aClientThatCannotChangeItsEncodingsIsLeftAlone() {
        hinter.onOpened(false);
        hinter.need(CAM, 3, 0, 0);
        hinter.take(FEWER_AFTER_NANOS);
        answers(1, CAM, HintResult.COULD_NOT_APPLY_HINT, FEWER_AFTER_NANOS);
        hinter.need(CAM, 3, 2, FEWER_AFTER_NANOS);

        assertThat(hinter.take(2 * ANSWER_WITHIN_NANOS)).isEmpty();
    }

    @Test
    void aNewSourceGetsItsHintsAgain() {
        hinter.onOpened(false);
        hinter.need(CAM, 3, 1, 0);
        hinter.take(FEWER_AFTER_NANOS);
        answers(1, CAM, HintResult.OK, FEWER_AFTER_NANOS);
        hinter.onReset(CAM);
        hinter.onReset(OTHER);

        assertThat(hinter.take(FEWER_AFTER_NANOS)).contains(hint(2, CAM, 1));
    }

    @Test
    void aChannelThatOpensAgainGetsItsHintsAgain() {
        hinter.need(CAM, 3, 1, 0);
        assertThat(hinter.take(FEWER_AFTER_NANOS)).as("no channel").isEmpty();
        assertThat(hinter.nextDeadlineNanos()).isEqualTo(PublisherHinter.NEVER);
        hinter.onOpened(false);
        hinter.take(FEWER_AFTER_NANOS);
        answers(1, CAM, HintResult.OK, FEWER_AFTER_NANOS);
        hinter.onClosed();
        hinter.onOpened(true);

        assertThat(hinter.take(FEWER_AFTER_NANOS)).contains(hint(2, CAM, 1));
    }

    @Test
    void aTrackThatIsGoneIsForgotten() {
        hinter.onOpened(false);
        hinter.need(CAM, 3, 0, 0);
        hinter.need(OTHER, 3, 0, 0);
        hinter.retain(Set.of(OTHER));

        assertThat(hinter.take(FEWER_AFTER_NANOS)).contains(hint(1, OTHER, 0));
        assertThat(hinter.told(CAM)).isNull();
    }

    private void answers(long id, TrackSid track, HintResult result, long nowNanos) {
        hinter.onTaken(new ClientSignal.PublisherHintsTaken(id, List.of(new TrackResult(track, result))), nowNanos);
    }

    private static ServerSignal hint(long id, TrackSid track, int layers) {
        return new PublisherHints(id, List.of(new PublisherHint(track, layers, 3)));
    }
}
