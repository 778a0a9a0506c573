package org.rotunda.room.call;

import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.Departure;

/** Reports of a live call to the entity of the room. The entity decides what to do, and journals the decision. */
public sealed interface CallReport extends RoomCommand {

    /** A media node has reported a later owner of this room, so the present owner must stop. */
    record Replaced() implements CallReport {}

    /** Few revisions of this epoch are left, so the call needs a new epoch. */
    record RevisionsRunOut() implements CallReport {}

    /** The participant's current socket is gone. */
    record SocketLost(ParticipantSid participant) implements CallReport {}

    /** The participant has a socket, although the state says that it is reconnecting. */
    record SocketAttached(ParticipantSid participant) implements CallReport {}

    /**
     * The movers need another media node.
     *
     * @param from the node that the movers leave
     * @param avoided the nodes that must not be chosen, because they have refused a mover; if no other node is left,
     *     the entity answers {@link ConductorCommand.NowhereToMove}
     * @param target the node that the movers should go to; null if every node is as good
     * @param replyTo gets an answer when the new node is decided; null if nobody asked for the move
     */
    record Move(
            String from,
            Set<String> avoided,
            List<Mover> movers,
            @Nullable String target,
            @Nullable ActorRef<StatusReply<Done>> replyTo)
            implements CallReport {
        public Move {
            avoided = Set.copyOf(avoided);
            movers = List.copyOf(movers);
        }

        /** Creates a move to any node. */
        public Move(
                String from, Set<String> avoided, List<Mover> movers, @Nullable ActorRef<StatusReply<Done>> replyTo) {
            this(from, avoided, movers, null, replyTo);
        }
    }

    /**
     * One participant of a {@link Move}.
     *
     * @param keepsConnection true if the conductor has the data that another node needs to continue the connection
     */
    record Mover(ParticipantSid participant, boolean keepsConnection) {}

    /**
     * The participant needs a new peer connection, if possible on the same media node. Either the client does not
     * answer on the present connection, or no router has that connection.
     */
    record RenewConnection(ParticipantSid participant, String connectionId) implements CallReport {}

    /** The participant publishes tracks for which its client has no codec in common with the room. */
    record TracksUnusable(ParticipantSid participant, List<TrackSid> tracks) implements CallReport {
        public TracksUnusable {
            tracks = List.copyOf(tracks);
        }
    }

    /** The participant can no longer take part in the call. */
    record MemberEnded(ParticipantSid participant, Departure departure) implements CallReport {}
}
