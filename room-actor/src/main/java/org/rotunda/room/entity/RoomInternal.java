package org.rotunda.room.entity;

import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomView;

/** Messages that a room's entity and its timers send to the entity itself. */
sealed interface RoomInternal extends RoomCommand {

    /** The room has just been recovered, so a new epoch begins. */
    record Host() implements RoomInternal {}

    /** The node's fence has changed. While the fence is held, the room decides nothing. */
    record FenceMoved(boolean held) implements RoomInternal {}

    /** The journal is free for the next waiting command, see {@link JournalGate}. */
    record Next() implements RoomInternal {}

    /** The earliest deadline of the state may have passed. */
    record DeadlinePassed() implements RoomInternal {}

    /** The room is completed or was never created, and no command has come for a while. */
    record Passivate() implements RoomInternal {}

    /**
     * The attempt to write the room's row has ended, with or without success. If a caller waits for this,
     * {@code afterwards} now answers that caller.
     */
    record Recorded(RoomView view, @Nullable Consumer<RoomView> afterwards) implements RoomInternal {}

    /**
     * The account has answered whether the room may be created.
     *
     * @param error the error with which the room is refused; null if the room has a seat
     * @param giveUp gives the seat back; called in the entity's actor if the command is refused later
     */
    record RoomSeated(RoomCommand.Create create, @Nullable RoomError error, Runnable giveUp) implements RoomInternal {}

    /**
     * The account has answered whether a participant may come in.
     *
     * @param participant the SID under which the participant has a seat
     * @param error the error with which the participant is refused; null if it has a seat
     * @param giveUp gives the seat back; called in the entity's actor if the command is refused later
     */
    record Seated(
            RoomCommand.Connect connect,
            ParticipantSid participant,
            @Nullable RoomError error,
            Runnable giveUp) implements RoomInternal {}

    /** The room is to tell its account which seats it has. */
    record RenewSeats() implements RoomInternal {}

    /** The attempt to write an anonymized participant's row has ended, with or without success. */
    record Anonymized(ActorRef<StatusReply<Done>> replyTo) implements RoomInternal {}
}
