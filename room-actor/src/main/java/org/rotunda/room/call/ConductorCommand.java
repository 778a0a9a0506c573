package org.rotunda.room.call;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.RoomReport;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodesChanged;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomState;

/**
 * Messages to a {@link RoomConductor} from the entity, from sessions, from media nodes and from the conductor's own
 * timers.
 */
public sealed interface ConductorCommand {

    /** The entity has journalled these events and reached this state. */
    record Evolved(RoomState state, List<RoomEvent> events) implements ConductorCommand {
        public Evolved {
            events = List.copyOf(events);
        }
    }

    /**
     * A participant has connected.
     *
     * @param session the socket of the session
     */
    record Admitted(
            SessionId sessionId,
            ActorRef<SessionNotice> session,
            ConnectionDescription offer,
            ActorRef<StatusReply<SessionNotice.Connected>> replyTo)
            implements ConductorCommand {}

    /**
     * A participant's session continues with another socket.
     *
     * @param session the new socket
     */
    record Resumed(
            ParticipantSid participant,
            ActorRef<SessionNotice> session,
            List<ConnectionDescription> descriptions,
            List<ConnectionCandidates> candidates,
            ActorRef<StatusReply<SessionNotice.Synced>> replyTo)
            implements ConductorCommand {}

    /** A client has sent descriptions or candidates of its connections. */
    record RemoteDescriptions(
            ParticipantSid participant, List<ConnectionDescription> descriptions, List<ConnectionCandidates> candidates)
            implements ConductorCommand {
        /** Creates a command without candidates. */
        RemoteDescriptions(ParticipantSid participant, List<ConnectionDescription> descriptions) {
            this(participant, descriptions, List.of());
        }
    }

    record SocketLost(ParticipantSid participant, ActorRef<SessionNotice> session) implements ConductorCommand {}

    /** A node is lost, and all sockets on it are lost too. */
    record SocketsLost(NodeId node) implements ConductorCommand {}

    /** An update from a client was dropped, so the client must sync and send everything again. */
    record UpdateDropped(ParticipantSid participant) implements ConductorCommand {}

    /** An operator wants to look at the call. */
    record Inspect(RoomCommand.Inspect request) implements ConductorCommand {}

    record LimitLayers(RoomCommand.LimitLayers request) implements ConductorCommand {}

    record FromMedia(String mediaNode, MediaEvent event) implements ConductorCommand {}

    /** A media node has measured something in this room. */
    record Measured(String mediaNode, RoomReport report) implements ConductorCommand {}

    /** An operator wants everybody to leave a media node. */
    record MoveTransports(RoomCommand.MoveTransports request) implements ConductorCommand {}

    /** A media node is drained, and everybody is to leave it. */
    record LeaveMediaNode(MediaNode.LeaveAsked request) implements ConductorCommand {}

    /** No other media node can take the members that the given node has refused. */
    record NowhereToMove(String mediaNode) implements ConductorCommand {}

    /** This process's view of the media nodes has changed. */
    record MediaNodesMoved(MediaNodesChanged changed) implements ConductorCommand {}

    /** {@link RoomConductor#MEDIA_NODES_KNOWN_AFTER} is over, so every missing media node now counts as lost. */
    record MediaNodesKnown() implements ConductorCommand {}

    /** The time for clients to follow a move away from this node is over. */
    record LeaveDue(String mediaNode) implements ConductorCommand {}

    record ResendDue() implements ConductorCommand {}

    /** Something that concerns the bandwidth of a member is due. */
    record BandwidthDue() implements ConductorCommand {}

    /** Somebody wants to know why a participant receives its tracks as it does. */
    record Explain(ParticipantSid participant, RoomCommand.FetchAllocation request) implements ConductorCommand {}

    /** The time for a participant to resume its session under a new owner of the room is over. */
    record GraceOver(ParticipantSid participant) implements ConductorCommand {}
}
