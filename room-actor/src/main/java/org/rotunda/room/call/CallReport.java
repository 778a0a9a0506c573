package org.rotunda.room.call;

import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.state.Departure;

/** Reports of a live call to the entity of its room. The entity decides what follows from a report, and journals it. */
public sealed interface CallReport extends RoomCommand {

    /** A media node serves a later owner of this room, so this owner must stop. */
    record Replaced() implements CallReport {}

    /** Few revisions of this epoch are left, so the call needs a new epoch. */
    record RevisionsRunOut() implements CallReport {}

    /** The participant's current socket is gone. */
    record SocketLost(ParticipantSid participant) implements CallReport {}

    /** The participant has a socket, although the state says that its session is suspended. */
    record SocketAttached(ParticipantSid participant) implements CallReport {}

    /**
     * These participants need another media node.
     *
     * @param from the node that they leave, because it is lost or refuses them, or because an operator asked for it
     * @param avoided other nodes that may not be chosen
     * @param replyTo hears when the new node is decided; null if nobody asked
     */
    record Move(
            String from,
            Set<String> avoided,
            List<Mover> movers,
            @Nullable ActorRef<StatusReply<Done>> replyTo) implements CallReport {
        public Move {
            avoided = Set.copyOf(avoided);
            movers = List.copyOf(movers);
        }
    }

    /**
     * One participant of a {@link Move}.
     *
     * @param keepsConnection true if the conductor knows enough to move the live peer connection
     */
    record Mover(ParticipantSid participant, boolean keepsConnection) {}

    /**
     * The participant needs a new peer connection, if possible on the same media node. Either its client does not
     * answer on the present connection, or no router has that connection.
     */
    record RenewConnection(ParticipantSid participant, String connectionId) implements CallReport {}

    /** The participant's part in the call is over. */
    record MemberEnded(ParticipantSid participant, Departure departure) implements CallReport {}
}
