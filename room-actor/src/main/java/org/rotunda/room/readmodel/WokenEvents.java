package org.rotunda.room.readmodel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.projection.eventsourced.EventEnvelope;
import org.apache.pekko.projection.javadsl.SourceProvider;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.rotunda.room.state.RoomEvent;

/**
 * The events with one tag in groups, read from the journal each time that {@link JournalWakeUps} says so. Pekko's own
 * provider asks the database for new events in a fixed interval, also while nothing happens, and its own groups are
 * looked at in a fixed interval, also while there are none.
 *
 * <p>A group is what one read has found, so that its rows are written in one transaction. The events that are written
 * while a group is in work, and for {@link #PAUSE} after a read, make the next group.
 *
 * <p>Like Pekko's provider it reads only up to the number below which no event is missing any more, so events whose
 * writes end in another order than they began are not skipped.
 */
final class WokenEvents extends SourceProvider<Offset, List<EventEnvelope<RoomEvent>>> {
    /** The most events of a group. */
    static final int GROUP_MAX = 100;

    /** The shortest time between the beginnings of two reads. */
    static final Duration PAUSE = Duration.ofMillis(100);

    private final JdbcReadJournal journal;
    private final JournalWakeUps wakeUps;
    private final String tag;

    WokenEvents(ActorSystem<?> system, JournalWakeUps wakeUps, String tag) {
        this.journal =
                PersistenceQuery.get(system).getReadJournalFor(JdbcReadJournal.class, JdbcReadJournal.Identifier());
        this.wakeUps = wakeUps;
        this.tag = tag;
    }

    @Override
    public CompletionStage<Source<List<EventEnvelope<RoomEvent>>, NotUsed>> source(
            Supplier<CompletionStage<Optional<Offset>>> offset) {
        return offset.get().thenApply(stored -> after(stored.orElse(Offset.noOffset())));
    }

    private Source<List<EventEnvelope<RoomEvent>>, NotUsed> after(Offset stored) {
        AtomicReference<Offset> last = new AtomicReference<>(stored);
        return groups(() -> journal.currentEventsByTag(tag, last.get()).map(event -> {
                    last.set(event.offset());
                    return envelope(event);
                }))
                .mapMaterializedValue(queue -> {
                    wakeUps.add(tag, () -> isOpen(queue));
                    return NotUsed.getInstance();
                });
    }

    /**
     * Makes groups of what is read.
     *
     * @param read reads what is new; called when the queue has an element and the groups before are done
     */
    static <T> Source<List<T>, BoundedSourceQueue<Boolean>> groups(Supplier<Source<T, NotUsed>> read) {
        // One element is enough: a wake-up that waits means that everything written so far will be read.
        return Source.<Boolean>queue(1)
                .throttle(1, PAUSE)
                .flatMapConcat(woken -> read.get().grouped(GROUP_MAX));
    }

    private static EventEnvelope<RoomEvent> envelope(org.apache.pekko.persistence.query.EventEnvelope event) {
        return EventEnvelope.create(
                event.offset(),
                event.persistenceId(),
                event.sequenceNr(),
                (RoomEvent) event.event(),
                event.timestamp());
    }

    private static boolean isOpen(BoundedSourceQueue<Boolean> queue) {
        QueueOfferResult result = queue.offer(true);
        return result == QueueOfferResult.enqueued() || result == QueueOfferResult.dropped();
    }

    @Override
    public Offset extractOffset(List<EventEnvelope<RoomEvent>> group) {
        return group.get(group.size() - 1).offset();
    }

    @Override
    public long extractCreationTime(List<EventEnvelope<RoomEvent>> group) {
        return group.get(group.size() - 1).timestamp();
    }
}
