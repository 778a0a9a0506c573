package org.rotunda.room.entity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.rules.TrackSelection;
import org.rotunda.room.state.Deadlines;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.RecordingRules;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomEvent.ParticipantAnonymized;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.RecordingRulesChanged;
import org.rotunda.room.state.RoomEvent.RoomCompleted;
import org.rotunda.room.state.RoomEvent.RoomCreated;
import org.rotunda.room.state.RoomEvent.RoomHosted;
import org.rotunda.room.state.RoomEvent.SubscribeRulesChanged;
import org.rotunda.room.state.RoomState;
import org.rotunda.room.state.SubscribeRules;

/**
 * The base class of {@link RoomEntity} that decides about the commands of the REST API: create, complete, remove,
 * rules and anonymize.
 */
abstract class AdministeredRoom extends JournaledRoom {
    /**
     * The time after the end of a room within which another Complete counts as a repeat. It is longer than the 30 s for
     * which helper libraries wait for an answer.
     */
    static final Duration COMPLETE_REPEATED_MAX = Duration.ofMinutes(1);

    private boolean createSentRound;
    private @Nullable ActorRef<StatusReply<RoomView>> creator; // The caller whose Create this actor has journalled.

    AdministeredRoom(
            ActorContext<RoomCommand> context,
            TimerScheduler<RoomCommand> timers,
            ActorRef<ClusterSharding.ShardCommand> shard,
            RoomSid sid,
            RoomEnvironment environment) {
        super(context, timers, shard, sid, environment);
    }

    final ReplyEffect<RoomEvent, RoomState> onCreate(RoomState.Empty empty, RoomCommand.Create create) {
        if (mayBeStopped() && !createSentRound) {
            // The shard may stop this actor at any time, so the command goes through the shard to the next actor. If it
            // comes back to this actor, the shard has ignored the request to stop it, so this actor creates the room.
            createSentRound = true;
            throughTheShard(create);
            return ignore();
        }
        if (seats.areCounted(create.account())) {
            seats.take(create);
            return ignore();
        }
        return create(create, () -> {});
    }

    /** Creates the room, or refuses, after the account has answered. */
    final ReplyEffect<RoomEvent, RoomState> onRoomSeated(RoomState.Empty empty, RoomInternal.RoomSeated seated) {
        RoomError error = seated.error();
        if (error != null) {
            seated.giveUp().run();
            return refuse(seated.create().replyTo(), error);
        }
        return create(seated.create(), () -> seats.used(seated));
    }

    /** Answers a create whose room another create has made meanwhile. The room keeps its seat. */
    final ReplyEffect<RoomEvent, RoomState> onRoomSeatedAgain(OpenRoom room, RoomInternal.RoomSeated seated) {
        seats.used(seated);
        return onCreateAgain(room, seated.create());
    }

    /** @param whenWritten called when the journal has the room */
    private ReplyEffect<RoomEvent, RoomState> create(RoomCommand.Create create, Runnable whenWritten) {
        creator = create.replyTo();
        Instant now = environment.clock().instant();
        return persist(
                List.of(
                        new RoomCreated(sid, create.account(), create.uniqueName(), create.properties(), now),
                        new RoomHosted(1, now)),
                state -> {
                    whenWritten.run();
                    effects.record(
                            ((OpenRoom) state).view(),
                            lastSequenceNumber(context),
                            created -> create.replyTo().tell(StatusReply.success(created)));
                });
    }

    /** Refuses a second Create. Only the caller whose Create was journalled gets a success. */
    final ReplyEffect<RoomEvent, RoomState> onCreateAgain(OpenRoom room, RoomCommand.Create create) {
        // True if the journal's answer was lost and JournalGate has repeated the command.
        boolean written = create.replyTo().equals(creator);
        return written ? reply(create.replyTo(), room.view()) : refuse(create.replyTo(), RoomError.ROOM_EXISTS);
    }

    final ReplyEffect<RoomEvent, RoomState> onComplete(OpenRoom room, RoomCommand.Complete complete) {
        return persist(
                List.of(new RoomCompleted(environment.clock().instant())),
                state -> {},
                over -> complete.replyTo().tell(StatusReply.success(over)));
    }

    /**
     * Acknowledges a repeated Complete, because the answer to the first one may have been lost. Writes the row again
     * before the answer, so that the caller finds the room completed.
     */
    final ReplyEffect<RoomEvent, RoomState> onCompleteAgain(RoomState.Completed over, RoomCommand.Complete complete) {
        Instant endedAt = Objects.requireNonNull(over.view().endedAt());
        if (environment.clock().instant().isAfter(endedAt.plus(COMPLETE_REPEATED_MAX))) {
            return refuse(complete.replyTo(), RoomError.ROOM_STATUS_INVALID);
        }
        effects.record(
                over.view(),
                lastSequenceNumber(context),
                view -> complete.replyTo().tell(StatusReply.success(view)));
        return ignore();
    }

    final ReplyEffect<RoomEvent, RoomState> onRemoveParticipant(OpenRoom room, RoomCommand.RemoveParticipant remove) {
        Optional<Participant> there = room.find(remove.sidOrIdentity());
        if (there.isEmpty()) {
            return Effect()
                    .reply(
                            remove.replyTo(),
                            RoomAnswers.departed(room.departed(), room.view(), remove.sidOrIdentity()));
        }
        Instant now = environment.clock().instant();
        ParticipantView view = RoomAnswers.view(there.get().departed(now), room.view());
        List<RoomEvent> events = departure(room, there.get().sid(), Departure.REMOVED, now);
        if (events.stream().anyMatch(RoomCompleted.class::isInstance)) {
            // The removal of the last participant ends the room. The caller gets the answer after the room's row was
            // written, so that the caller finds the room in the list of completed rooms.
            return persist(events, state -> {}, over -> remove.replyTo().tell(StatusReply.success(view)));
        }
        return persist(events, state -> remove.replyTo().tell(StatusReply.success(view)));
    }

    final ReplyEffect<RoomEvent, RoomState> onChangeSubscribeRules(
            OpenRoom room, RoomCommand.ChangeSubscribeRules change) {
        if (!room.properties().hasMediaServer()) {
            return refuse(change.replyTo(), RoomError.SUBSCRIPTION_NOT_SUPPORTED);
        }
        Optional<Participant> found = room.find(change.sidOrIdentity());
        if (found.isEmpty()) {
            return refuse(change.replyTo(), RoomError.PARTICIPANT_NOT_FOUND);
        }
        ParticipantSid participant = found.get().sid();
        SubscribeRules last = found.get().subscribeRules();
        boolean isRepeat = last != null && last.rules().equals(change.rules());
        List<RoomEvent> events = isRepeat
                ? List.of()
                : List.of(new SubscribeRulesChanged(
                        participant, change.rules(), environment.clock().instant()));
        return persist(
                events,
                state -> change.replyTo().tell(RoomAnswers.subscribeRules((OpenRoom) state, participant.value())));
    }

    final ReplyEffect<RoomEvent, RoomState> onChangeRecordingRules(
            OpenRoom room, RoomCommand.ChangeRecordingRules change) {
        boolean recordsNothing =
                !TrackSelection.canSelect(change.rules(), room.properties().recordParticipantsOnConnect());
        if (!room.properties().hasMediaServer() || !(recordsNothing || settings.recordingSimulated())) {
            return refuse(change.replyTo(), RoomError.RECORDING_NOT_SUPPORTED);
        }
        RecordingRules last = room.recordingRules();
        boolean isRepeat = last != null && last.rules().equals(change.rules());
        List<RoomEvent> events = isRepeat
                ? List.of()
                : List.of(new RecordingRulesChanged(
                        change.rules(), environment.clock().instant()));
        return persist(events, state -> change.replyTo().tell(RoomAnswers.recordingRules((OpenRoom) state)));
    }

    /**
     * Anonymizes a participant who has left. If the journal of the room is deleted already, only the row of the
     * participant is left, and no event is written.
     */
    final ReplyEffect<RoomEvent, RoomState> onAnonymize(RoomState state, RoomCommand.Anonymize anonymize) {
        ParticipantSid participant = anonymize.participant();
        if (state instanceof OpenRoom room && room.participant(participant).isPresent()) {
            return refuse(anonymize.replyTo(), RoomError.PARTICIPANT_STATUS_INVALID);
        }
        Instant now = environment.clock().instant();
        List<RoomEvent> events = state instanceof RoomState.Empty || RoomAnswers.isAnonymized(state, participant)
                ? List.of()
                : List.of(new ParticipantAnonymized(participant, now));
        return persist(events, next -> effects.anonymize(participant, now, anonymize.replyTo()));
    }

    final List<RoomEvent> departure(OpenRoom room, ParticipantSid participant, Departure why, Instant now) {
        return Deadlines.andCompletion(
                room, List.of(new ParticipantDisconnected(participant, why, now)), settings, now);
    }
}
