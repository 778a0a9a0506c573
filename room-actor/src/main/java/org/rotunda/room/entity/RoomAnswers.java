package org.rotunda.room.entity;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.room.call.CallReport;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.RulesView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.TrackView;
import org.rotunda.room.protocol.TrackViews;
import org.rotunda.room.state.Departed;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Publication;
import org.rotunda.room.state.RecordingRules;
import org.rotunda.room.state.RoomState;
import org.rotunda.room.state.SubscribeRules;
import org.rotunda.room.state.Subscriptions;

/**
 * The answers to commands that do not change the room. The functions named {@code refuse} send messages; all other
 * functions are pure.
 */
final class RoomAnswers {
    private RoomAnswers() {}

    static StatusReply<ParticipantViews> participants(OpenRoom room, boolean departed) {
        return departed
                ? departed(room.departed(), room.view())
                : StatusReply.success(new ParticipantViews(
                        room.participants().stream().map(room::view).toList()));
    }

    /** Lists the participants who left most recently. */
    static StatusReply<ParticipantViews> departed(List<Departed> departed, RoomView room) {
        return StatusReply.success(new ParticipantViews(
                departed.stream().map(gone -> view(gone, room)).toList()));
    }

    /** Answers a request for a participant, who may have left lately. */
    static StatusReply<ParticipantView> participant(OpenRoom room, String sidOrIdentity) {
        return room.find(sidOrIdentity)
                .map(participant -> StatusReply.success(room.view(participant)))
                .orElseGet(() -> departed(room.departed(), room.view(), sidOrIdentity));
    }

    /** Answers a request for a participant that has left. Such a participant is found only by SID, not by identity. */
    static StatusReply<ParticipantView> departed(List<Departed> departed, RoomView room, String sid) {
        return departed.stream()
                .filter(gone -> gone.sid().value().equals(sid))
                .findFirst()
                .map(gone -> StatusReply.success(view(gone, room)))
                .orElseGet(() -> StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
    }

    static ParticipantView view(Departed gone, RoomView room) {
        return new ParticipantView(
                gone.sid(),
                room.sid(),
                room.account(),
                gone.identity(),
                ParticipantStatus.DISCONNECTED,
                gone.connectedAt(),
                gone.updatedAt(),
                gone.endedAt());
    }

    /** Returns whether the identity of a participant who has left lately is replaced already. */
    static boolean isAnonymized(RoomState state, ParticipantSid participant) {
        List<Departed> departed = List.of();
        if (state instanceof OpenRoom room) {
            departed = room.departed();
        } else if (state instanceof RoomState.Completed over) {
            departed = over.departed();
        }
        return departed.stream().anyMatch(gone -> gone.sid().equals(participant) && gone.anonymizedAt() != null);
    }

    /**
     * Returns the reason why a session that is over cannot be resumed. A client whose longest stay ended while the room
     * had no owner hears of it only here.
     *
     * @param otherwise the reason for a participant who has left in another way, or is not known
     */
    static RoomError overReason(List<Departed> departed, RoomView room, SessionId session, RoomError otherwise) {
        return departed.stream()
                        .anyMatch(gone ->
                                gone.sid().equals(session.participant()) && gone.stayedTooLong(room.properties()))
                ? RoomError.PARTICIPANT_SESSION_LENGTH_EXCEEDED
                : otherwise;
    }

    /** Answers a request for the subscribe rules of a participant who is in the room. */
    static StatusReply<RulesView> subscribeRules(OpenRoom room, String sidOrIdentity) {
        if (!room.properties().hasMediaServer()) {
            return refusal(RoomError.SUBSCRIPTION_NOT_SUPPORTED);
        }
        return room.find(sidOrIdentity)
                .map(participant -> StatusReply.success(subscribeRules(participant)))
                .orElseGet(() -> refusal(RoomError.PARTICIPANT_NOT_FOUND));
    }

    private static RulesView subscribeRules(Participant participant) {
        SubscribeRules rules = participant.subscribeRules();
        return new RulesView(
                participant.sid(),
                participant.rulesInForce(),
                rules == null ? null : rules.createdAt(),
                rules == null ? null : rules.updatedAt());
    }

    /** Answers a request for the recording rules. */
    static StatusReply<RulesView> recordingRules(OpenRoom room) {
        if (!room.properties().hasMediaServer()) {
            return refusal(RoomError.RECORDING_NOT_SUPPORTED);
        }
        RecordingRules rules = room.recordingRules();
        return StatusReply.success(new RulesView(
                null,
                room.recordingRulesInForce(),
                rules == null ? room.createdAt() : rules.createdAt(),
                rules == null ? room.createdAt() : rules.updatedAt()));
    }

    /** Answers a request for the tracks that a participant publishes or receives. */
    static StatusReply<TrackViews> tracks(OpenRoom room, RoomCommand.ListTracks list) {
        if (list.subscribed() && !room.properties().hasMediaServer()) {
            return refusal(RoomError.SUBSCRIPTION_NOT_SUPPORTED);
        }
        return room.find(list.sidOrIdentity())
                .map(participant -> StatusReply.success(new TrackViews(
                        participant.sid(), list.subscribed() ? received(room, participant) : published(participant))))
                .orElseGet(() -> refusal(RoomError.PARTICIPANT_NOT_FOUND));
    }

    private static List<TrackView> published(Participant publisher) {
        return publisher.publications().stream()
                .map(track -> view(publisher, track, publishedAt(publisher, track)))
                .toList();
    }

    private static List<TrackView> received(OpenRoom room, Participant subscriber) {
        return Subscriptions.of(room, subscriber)
                .map(each -> view(
                        each.publisher(),
                        each.track(),
                        later(publishedAt(each.publisher(), each.track()), subscriber.connectedAt())))
                .toList();
    }

    private static TrackView view(Participant publisher, Publication track, Instant createdAt) {
        return new TrackView(
                track.sid(),
                publisher.sid(),
                track.name(),
                track.kind(),
                track.enabled(),
                createdAt,
                track.updatedAt());
    }

    /**
     * Returns the time of the publication. Earlier releases have not stored it; the publisher's connect replaces it.
     */
    private static Instant publishedAt(Participant publisher, Publication track) {
        return Objects.requireNonNullElse(track.publishedAt(), publisher.connectedAt());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static <T> StatusReply<T> refusal(RoomError error) {
        return StatusReply.error(new RoomRefusal(error));
    }

    /** Refuses a command to a room that is completed, or that was never created. */
    static void refuse(RoomCommand command, RoomState state) {
        boolean completed = state instanceof RoomState.Completed;
        if (state instanceof RoomState.Completed over && command instanceof RoomCommand.ListParticipants list) {
            list.replyTo()
                    .tell(
                            list.departed()
                                    ? departed(over.departed(), over.view())
                                    : StatusReply.success(new ParticipantViews(List.of())));
        } else if (state instanceof RoomState.Completed over && command instanceof RoomCommand.Sync sync) {
            refuse(sync, overReason(over.departed(), over.view(), sync.sessionId(), RoomError.ROOM_COMPLETED));
        } else if (command instanceof RoomCommand.Request<?> request) {
            refuse(request, refusalOf(request, completed));
        } else if (command instanceof CallReport.Move move) {
            refuse(move);
        }
        // Any other command is ignored, because this room has no sessions and no call.
    }

    /** Tells the operator who asked for the move that the room was completed meanwhile. */
    private static void refuse(CallReport.Move move) {
        ActorRef<StatusReply<Done>> operator = move.replyTo();
        if (operator != null) {
            operator.tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));
        }
    }

    private static RoomError refusalOf(RoomCommand.Request<?> request, boolean completed) {
        if (request instanceof RoomCommand.Create) {
            return RoomError.ROOM_EXISTS;
        }
        if (request instanceof RoomCommand.FetchParticipant || request instanceof RoomCommand.RemoveParticipant) {
            return RoomError.PARTICIPANT_NOT_FOUND;
        }
        return completed ? RoomError.ROOM_COMPLETED : RoomError.ROOM_NOT_FOUND;
    }

    /** Refuses the request with this error. */
    static <T> void refuse(RoomCommand.Request<T> request, RoomError error) {
        request.replyTo().tell(StatusReply.error(new RoomRefusal(error)));
    }
}
