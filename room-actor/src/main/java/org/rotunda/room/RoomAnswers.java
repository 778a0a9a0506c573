package org.rotunda.room;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.state.Departed;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.RoomState;

/** Answers of a room that change nothing. Pure, but for the refusals, which are sent. */
final class RoomAnswers {
    private RoomAnswers() {}

    static StatusReply<ParticipantViews> participants(OpenRoom room) {
        return StatusReply.success(new ParticipantViews(
                room.participants().stream().map(room::view).toList()));
    }

    static StatusReply<ParticipantView> participant(OpenRoom room, String sidOrIdentity) {
        return room.find(sidOrIdentity)
                .map(participant -> StatusReply.success(room.view(participant)))
                .orElseGet(() -> StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
    }

    /** Somebody who has left, by SID. */
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
                gone.endedAt(),
                gone.endedAt());
    }

    /** What a room that is over, or never was, answers to commands it can only refuse. */
    static void refuse(RoomCommand command, RoomState state) {
        boolean completed = state instanceof RoomState.Completed;
        RoomError error = completed ? RoomError.ROOM_COMPLETED : RoomError.ROOM_NOT_FOUND;
        if (command instanceof RoomCommand.Create create) {
            refuse(create.replyTo(), RoomError.ROOM_EXISTS);
        } else if (command instanceof RoomCommand.Complete complete && completed) {
            refuse(complete.replyTo(), RoomError.ROOM_STATUS_INVALID);
        } else if (command instanceof RoomCommand.ListParticipants list && completed) {
            list.replyTo().tell(StatusReply.success(new ParticipantViews(List.of())));
        } else if (command instanceof RoomCommand.FetchParticipant
                || command instanceof RoomCommand.RemoveParticipant) {
            refuse(command, RoomError.PARTICIPANT_NOT_FOUND);
        } else if (isRefusable(command)) {
            refuse(command, error);
        }
        // The others ask for nothing: updates and notices of sessions that are over.
    }

    /** Whether somebody waits for an answer and can be told to try again; the others are words that must not get lost. */
    static boolean isRefusable(RoomCommand command) {
        return !(command instanceof RoomInternal
                || command instanceof RoomCommand.Update
                || command instanceof RoomCommand.Disconnect
                || command instanceof RoomCommand.SessionLost);
    }

    /** Refuses what {@linkplain #isRefusable can be}, whatever the room's state. */
    static void refuse(RoomCommand command, RoomError error) {
        if (command instanceof RoomCommand.Create create) {
            refuse(create.replyTo(), error);
        } else if (command instanceof RoomCommand.Fetch fetch) {
            refuse(fetch.replyTo(), error);
        } else if (command instanceof RoomCommand.Complete complete) {
            refuse(complete.replyTo(), error);
        } else if (command instanceof RoomCommand.ListParticipants list) {
            refuse(list.replyTo(), error);
        } else if (command instanceof RoomCommand.FetchParticipant fetch) {
            refuse(fetch.replyTo(), error);
        } else if (command instanceof RoomCommand.RemoveParticipant remove) {
            refuse(remove.replyTo(), error);
        } else if (command instanceof RoomCommand.Connect connect) {
            refuse(connect.replyTo(), error);
        } else if (command instanceof RoomCommand.Sync sync) {
            refuse(sync.replyTo(), error);
        } else if (command instanceof RoomCommand.LimitLayers limit) {
            refuse(limit.replyTo(), error);
        } else if (command instanceof RoomCommand.MoveTransports move) {
            refuse(move.replyTo(), error);
        } else {
            throw new IllegalArgumentException("asks for no answer: " + command);
        }
    }

    private static <T> void refuse(ActorRef<StatusReply<T>> replyTo, RoomError error) {
        replyTo.tell(StatusReply.error(new RoomRefusal(error)));
    }
}
