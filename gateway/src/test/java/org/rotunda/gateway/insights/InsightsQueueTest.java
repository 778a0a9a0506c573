package org.rotunda.gateway.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.InsightsEvent;
import org.rotunda.room.protocol.InsightsStore.Stored;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;

/** Tests the queue with a database that the test plays. */
class InsightsQueueTest {
    private static final int EVENTS_MAX = 500;
    private static final int FRAME_CHARS_MAX = 32 * 1024;

    private final List<List<InsightsEvent>> written = new ArrayList<>();
    private final Deque<CompletableFuture<Stored>> answers = new ArrayDeque<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final InsightsStatistics statistics = new InsightsStatistics();
    private final InsightsQueue queue = new InsightsQueue(
            events -> {
                written.add(events);
                CompletableFuture<Stored> answer = new CompletableFuture<>();
                answers.add(answer);
                return answer;
            },
            new InsightsSettings(10, FRAME_CHARS_MAX, 10, 10, EVENTS_MAX, FRAME_CHARS_MAX, Duration.ofSeconds(1)),
            statistics,
            Runnable::run,
            (delay, task) -> {
                assertThat(delay).isEqualTo(InsightsQueue.RETRY);
                later.add(task);
            });

    private static InsightsEvent event(int number, String payload) {
        return new InsightsEvent(
                new AccountSid("AC" + "1".repeat(32)),
                new RoomSid("RM" + "2".repeat(32)),
                new ParticipantSid("PA" + "3".repeat(32)),
                "insights-1",
                "room",
                "event-" + number,
                "info",
                Instant.EPOCH,
                Instant.EPOCH,
                payload);
    }

    private void offer(int from, int to) {
        for (int i = from; i < to; i++) {
            queue.offer(event(i, "{}"));
        }
    }

    private void stored(int events) {
        answers.remove().complete(new Stored(events, 0, 0));
    }

    @Test
    void writesOneEventAtOnceAndThoseThatComeMeanwhileTogether() {
        offer(0, 4);
        assertThat(written).hasSize(1);
        assertThat(written.get(0)).extracting(InsightsEvent::name).containsExactly("event-0");

        stored(1);
        assertThat(written.get(1)).extracting(InsightsEvent::name).containsExactly("event-1", "event-2", "event-3");
        stored(3);

        assertThat(statistics.stored()).isEqualTo(4);
        assertThat(statistics.waiting()).isZero();
        assertThat(written).hasSize(2);
    }

    @Test
    void oneWriteHasABoundedNumberOfEvents() {
        offer(0, InsightsQueue.BATCH_MAX + 2);
        stored(1);

        assertThat(written.get(1)).hasSize(InsightsQueue.BATCH_MAX);
    }

    @Test
    void aFullQueueDropsFurtherEventsAndTakesThemAgainLater() {
        offer(0, EVENTS_MAX + 1);
        assertThat(statistics.dropped(InsightsDrop.QUEUE)).isEqualTo(1);
        assertThat(statistics.waiting()).isEqualTo(EVENTS_MAX);

        stored(1);
        offer(0, 1);
        assertThat(statistics.dropped(InsightsDrop.QUEUE)).isEqualTo(1);
        offer(0, 1);
        assertThat(statistics.dropped(InsightsDrop.QUEUE)).isEqualTo(2);
    }

    @Test
    void theQueueIsBoundedInCharactersToo() {
        queue.offer(event(0, "x".repeat(FRAME_CHARS_MAX)));
        queue.offer(event(1, "x"));
        assertThat(statistics.dropped(InsightsDrop.QUEUE)).isEqualTo(1);

        stored(1);
        queue.offer(event(2, "x".repeat(FRAME_CHARS_MAX)));
        assertThat(statistics.dropped(InsightsDrop.QUEUE)).isEqualTo(1);
        assertThat(written).hasSize(2);
    }

    @Test
    void aWriteIsRepeatedWhenTheDatabaseIsBack() {
        offer(0, 3);
        answers.remove().completeExceptionally(new RoomRefusal(RoomError.BUSY));
        assertThat(written).hasSize(1);
        assertThat(statistics.waiting()).isEqualTo(3);

        later.remove().run();
        assertThat(written.get(1)).isEqualTo(written.get(0));
        stored(1);
        stored(2);

        assertThat(statistics.stored()).isEqualTo(3);
        assertThat(later).isEmpty();
    }

    @Test
    void eventsThatTheDatabaseRefusesAreDroppedAndTheOthersFollow() {
        offer(0, 2);
        answers.remove().completeExceptionally(new IllegalStateException("refused by the database"));

        assertThat(statistics.dropped(InsightsDrop.FAILED)).isEqualTo(1);
        assertThat(written.get(1)).extracting(InsightsEvent::name).containsExactly("event-1");
    }

    @Test
    void countsTheEventsForWhichThereIsNoRoom() {
        offer(0, 1);
        answers.remove().complete(new Stored(0, 1, 0));
        offer(1, 2);
        answers.remove().complete(new Stored(0, 0, 1));

        assertThat(statistics.dropped(InsightsDrop.ROOM_FULL)).isEqualTo(1);
        assertThat(statistics.dropped(InsightsDrop.ACCOUNT_FULL)).isEqualTo(1);
    }
}
