package org.rotunda.room.readmodel;

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
 * The events with one tag, read from the journal each time that {@link JournalWakeUps} says so. Pekko's own provider
 * asks the database for new events in a fixed interval, also while nothing happens.
 *
 * <p>Like Pekko's provider it reads only up to the number below which no event is missing any more, so events whose
 * writes end in another order than they began are not skipped.
 */
final class WokenEvents extends SourceProvider<Offset, EventEnvelope<RoomEvent>> {
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
    public CompletionStage<Source<EventEnvelope<RoomEvent>, NotUsed>> source(
            Supplier<CompletionStage<Optional<Offset>>> offset) {
        return offset.get().thenApply(stored -> after(stored.orElse(Offset.noOffset())));
    }

    private Source<EventEnvelope<RoomEvent>, NotUsed> after(Offset stored) {
        AtomicReference<Offset> last = new AtomicReference<>(stored);
        // One element is enough: a wake-up that waits means that everything written so far will be read.
        return Source.<Boolean>queue(1)
                .mapMaterializedValue(queue -> {
                    wakeUps.add(tag, () -> isOpen(queue));
                    return NotUsed.getInstance();
                })
                .flatMapConcat(woken -> journal.currentEventsByTag(tag, last.get()))
                .map(event -> {
                    last.set(event.offset());
                    return EventEnvelope.create(
                            event.offset(),
                            event.persistenceId(),
                            event.sequenceNr(),
                            (RoomEvent) event.event(),
                            event.timestamp());
                });
    }

    private static boolean isOpen(BoundedSourceQueue<Boolean> queue) {
        QueueOfferResult result = queue.offer(true);
        return result == QueueOfferResult.enqueued() || result == QueueOfferResult.dropped();
    }

    @Override
    public Offset extractOffset(EventEnvelope<RoomEvent> envelope) {
        return envelope.offset();
    }

    @Override
    public long extractCreationTime(EventEnvelope<RoomEvent> envelope) {
        return envelope.timestamp();
    }
}
