package org.rotunda.room;

import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.state.Departure;

/** Messages that a room's own actors and timers send to its entity. */
sealed interface RoomInternal extends RoomCommand {

    /**
     * A new epoch begins.
     *
     * @param recovered because the room has just been recovered, and not because the revisions of its epoch run out
     */
    record Host(boolean recovered) implements RoomInternal {}

    /** The room's conductor has heard of an owner that came after this one. */
    record Replaced() implements RoomInternal {}

    /** The node's fence has changed: while it is held, the room decides nothing. */
    record FenceMoved(boolean held) implements RoomInternal {}

    /** The journal is free for the next of the commands that wait, see {@link JournalGate}. */
    record Next() implements RoomInternal {}

    /** The earliest deadline in the state may have passed. */
    record DeadlinePassed() implements RoomInternal {}

    /** Nobody has asked a room that is over or never was for a while. */
    record Passivate() implements RoomInternal {}

    /** The conductor lost the participant's socket. */
    record SessionDetached(ParticipantSid participant) implements RoomInternal {}

    /** The conductor has a socket for somebody whom the state believes without one. */
    record SessionAttached(ParticipantSid participant) implements RoomInternal {}

    /**
     * These participants get another media node.
     *
     * @param from the node they leave, because it is gone, refuses, or somebody asked so
     * @param avoided nodes that are of no use either
     */
    record Move(
            String from,
            Set<String> avoided,
            List<Mover> movers,
            @Nullable ActorRef<StatusReply<Done>> replyTo) implements RoomInternal {
        public Move {
            avoided = Set.copyOf(avoided);
            movers = List.copyOf(movers);
        }
    }

    /** @param keepsConnection whether the conductor knows enough to move the live peer connection */
    record Mover(ParticipantSid participant, boolean keepsConnection) {}

    /** The client does not answer on this connection, or no router has it: it gets another one, if possible on the same media node. */
    record RenewConnection(ParticipantSid participant, String connectionId) implements RoomInternal {}

    /** The conductor's call with the participant is over. */
    record CallEnded(ParticipantSid participant, Departure departure) implements RoomInternal {}

    /** The room's row is written, or was tried to be: the caller may be told. */
    record Recorded(RoomView view, @Nullable ActorRef<StatusReply<RoomView>> replyTo) implements RoomInternal {}
}
