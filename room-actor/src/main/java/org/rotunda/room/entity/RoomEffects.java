package org.rotunda.room.entity;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.call.ConductorCommand;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.state.Deadlines;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomState;

/**
 * The effects of a room's journalled events. They inform the conductor, schedule the next deadline, write the rows that
 * callers wait for, and release the room's name. Lives in the entity's actor.
 */
final class RoomEffects {
    private final ActorContext<RoomCommand> context;
    private final TimerScheduler<RoomCommand> timers;
    private final RoomSid sid;
    private final RoomEnvironment environment;
    private final ActorRef<ConductorCommand> conductor;
    private final RoomSeats seats;
    private final Set<RoomInternal.Recorded> unrecorded = new HashSet<>();

    RoomEffects(
            ActorContext<RoomCommand> context,
            TimerScheduler<RoomCommand> timers,
            RoomSid sid,
            RoomEnvironment environment,
            ActorRef<ConductorCommand> conductor,
            RoomSeats seats) {
        this.context = context;
        this.timers = timers;
        this.sid = sid;
        this.environment = environment;
        this.conductor = conductor;
        this.seats = seats;
    }

    /**
     * Causes the effects of journalled events.
     *
     * @param state the state after the events
     * @param eventNumber the sequence number of the last event
     * @param afterTheEnd gets the ended room when the attempt to write its row has ended; null if no caller waits for
     *     that
     */
    void of(RoomState state, List<RoomEvent> events, long eventNumber, @Nullable Consumer<RoomView> afterTheEnd) {
        conductor.tell(new ConductorCommand.Evolved(state, events));
        seats.of(state, events);
        if (state instanceof OpenRoom room) {
            scheduleDeadline(room);
        } else if (state instanceof RoomState.Completed over) {
            timers.cancel(RoomInternal.DeadlinePassed.class);
            releaseName(over.view());
            record(over.view(), eventNumber, afterTheEnd);
            passivateSoon();
        }
    }

    void releaseName(RoomView room) {
        environment.names().release(room.account(), room.uniqueName(), room.sid());
    }

    /**
     * Tries to write the room's row. When the attempt has ended, {@code afterwards} gets the room. If the write fails,
     * the projection repairs the row.
     */
    void record(RoomView view, long eventNumber, @Nullable Consumer<RoomView> afterwards) {
        RoomInternal.Recorded recorded = new RoomInternal.Recorded(view, afterwards);
        unrecorded.add(recorded);
        context.pipeToSelf(environment.records().record(view, eventNumber), (done, failure) -> {
            if (failure != null) {
                context.getLog().warn("Row of room {} is not written; the projection will repair it", sid, failure);
            }
            return recorded;
        });
    }

    void recorded(RoomInternal.Recorded recorded) {
        unrecorded.remove(recorded);
        Consumer<RoomView> afterwards = recorded.afterwards();
        if (afterwards != null) {
            afterwards.accept(recorded.view());
        }
    }

    /**
     * Answers all callers that still wait until a row is written, because the entity stops. The changes that they asked
     * for are already journalled.
     */
    void stopped() {
        List.copyOf(unrecorded).forEach(this::recorded);
    }

    /**
     * Tries to write an anonymized participant's row, and then answers the caller. If the write fails, the projection
     * repairs the row.
     */
    void anonymize(ParticipantSid participant, Instant at, ActorRef<StatusReply<Done>> replyTo) {
        context.pipeToSelf(environment.records().anonymize(participant, at), (done, failure) -> {
            if (failure != null) {
                context.getLog().warn("Row of participant {} is not anonymized yet", participant, failure);
            }
            return new RoomInternal.Anonymized(replyTo);
        });
    }

    void scheduleDeadline(OpenRoom room) {
        Duration delay = Duration.between(environment.clock().instant(), Deadlines.next(room, environment.settings()));
        timers.startSingleTimer(
                RoomInternal.DeadlinePassed.class,
                new RoomInternal.DeadlinePassed(),
                delay.isNegative() ? Duration.ZERO : delay);
    }

    void passivateSoon() {
        timers.startSingleTimer(
                RoomInternal.Passivate.class,
                new RoomInternal.Passivate(),
                environment.settings().passivateAfter());
    }
}
