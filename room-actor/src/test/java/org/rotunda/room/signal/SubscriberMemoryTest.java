package org.rotunda.room.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.signal.ClientSignalReaderTest.CAM;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.ClientSignal.PriorityChosen;
import org.rotunda.room.signal.ClientSignal.RenderHint;
import org.rotunda.room.signal.ClientSignal.RenderHints;

/** Tests what the room remembers of a subscriber's priorities, render hints and number of messages. */
class SubscriberMemoryTest {
    private static final TrackSid OTHER = TrackSid.random(new Random(1));
    private final TrackPriorities priorities = new TrackPriorities();
    private final RenderHintMemory hints = new RenderHintMemory();

    @Test
    void aPriorityHoldsUntilItIsTakenBack() {
        assertThat(priorities.onChosen(new PriorityChosen(CAM, TrackPriority.HIGH), true))
                .isTrue();
        assertThat(priorities.of(CAM)).isEqualTo(TrackPriority.HIGH);
        assertThat(priorities.onChosen(new PriorityChosen(CAM, TrackPriority.HIGH), true))
                .as("a repeat changes nothing")
                .isFalse();
        assertThat(priorities.onChosen(new PriorityChosen(CAM, null), true)).isTrue();
        assertThat(priorities.of(CAM)).isNull();
        assertThat(priorities.onChosen(new PriorityChosen(CAM, null), true)).isFalse();
    }

    @Test
    void nothingIsRememberedOfTracksThatNobodyPublishes() {
        assertThat(priorities.onChosen(new PriorityChosen(CAM, TrackPriority.LOW), false))
                .isFalse();
        priorities.onChosen(new PriorityChosen(OTHER, TrackPriority.LOW), true);
        hints.onHints(new RenderHints(1, List.of(new RenderHint(OTHER, false, null))), track -> true);
        priorities.retain(Set.of(CAM));
        hints.retain(Set.of(CAM));

        assertThat(priorities.of(CAM)).isNull();
        assertThat(priorities.of(OTHER)).isNull();
        assertThat(hints.isEnabled(OTHER)).isTrue();
    }

    @Test
    void hintsAddUpAndAreAnswered() {
        RenderHintMemory.Outcome off = hints.onHints(
                new RenderHints(7, List.of(new RenderHint(CAM, false, null), new RenderHint(OTHER, true, null))),
                CAM::equals);
        assertThat(off.changed()).isTrue();
        assertThat(off.answer())
                .isEqualTo(new ServerSignal.RenderHintsTaken(
                        7,
                        List.of(
                                new TrackResult(CAM, HintResult.OK),
                                new TrackResult(OTHER, HintResult.UNKNOWN_TRACK))));
        assertThat(hints.isEnabled(CAM)).isFalse();
        assertThat(hints.sizeOf(CAM)).isNull();

        PictureSize small = new PictureSize(160, 90);
        hints.onHints(new RenderHints(8, List.of(new RenderHint(CAM, null, small))), CAM::equals);
        assertThat(hints.isEnabled(CAM)).as("only the size has changed").isFalse();
        assertThat(hints.sizeOf(CAM)).isEqualTo(small);
        RenderHintMemory.Outcome again =
                hints.onHints(new RenderHints(8, List.of(new RenderHint(CAM, false, small))), CAM::equals);
        assertThat(again.changed()).isFalse();
        assertThat(again.answer().id()).as("a repeat is answered too").isEqualTo(8);
        assertThat(hints.onHints(new RenderHints(9, List.of()), CAM::equals)
                        .answer()
                        .results())
                .isEmpty();
    }

    @Test
    void aClientThatSendsTooMuchHasItsMessagesDropped() {
        MessageBudget budget = new MessageBudget();
        long now = 5_000_000_000L;
        for (int i = 0; i < MessageBudget.BURST; i++) {
            assertThat(budget.take(now)).isTrue();
        }
        assertThat(budget.take(now)).isFalse();

        long oneMore = now + 1_000_000_000L / MessageBudget.PER_SECOND;
        assertThat(budget.take(oneMore)).isTrue();
        assertThat(budget.take(oneMore)).isFalse();
        long muchLater = oneMore + 3_600_000_000_000L;
        for (int i = 0; i < MessageBudget.BURST; i++) {
            assertThat(budget.take(muchLater)).isTrue();
        }
        assertThat(budget.take(muchLater)).isFalse();
    }
}
