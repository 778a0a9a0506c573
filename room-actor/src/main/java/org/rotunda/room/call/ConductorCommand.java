package org.rotunda.room.call;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomState;

/** Messages of the entity, of sessions, of media nodes and of its own timers to a {@link RoomConductor}. */
public sealed interface ConductorCommand {

    /** These events are journalled, and have led to this state. */
    record Evolved(RoomState state, List<RoomEvent> events) implements ConductorCommand {
        public Evolved {
            events = List.copyOf(events);
        }
    }

    /** A participant has connected, with this session and this socket. */
    record Admitted(
            SessionId sessionId,
            ActorRef<SessionNotice> session,
            ConnectionDescription offer,
            ActorRef<StatusReply<SessionNotice.Connected>> replyTo)
            implements ConductorCommand {}

    /** A participant's session continues with another socket. */
    record Resumed(
            ParticipantSid participant,
            ActorRef<SessionNotice> session,
            List<ConnectionDescription> descriptions,
            ActorRef<StatusReply<SessionNotice.Synced>> replyTo)
            implements ConductorCommand {}

    /** A client has sent descriptions of its connections. */
    record RemoteDescriptions(ParticipantSid participant, List<ConnectionDescription> descriptions)
            implements ConductorCommand {}

    record SocketLost(ParticipantSid participant, ActorRef<SessionNotice> session) implements ConductorCommand {}

    /** A node is lost, and with it the sockets of all sessions there. */
    record SocketsLost(NodeId node) implements ConductorCommand {}

    /** An update of a client could not be kept, so the client must sync and send everything again. */
    record UpdateDropped(ParticipantSid participant) implements ConductorCommand {}

    /** An operator wants to look at the call. */
    record Inspect(RoomCommand.Inspect request) implements ConductorCommand {}

    record LimitLayers(RoomCommand.LimitLayers request) implements ConductorCommand {}

    record FromMedia(String mediaNode, MediaEvent event) implements ConductorCommand {}

    /** An operator wants everybody to leave a media node. */
    record MoveTransports(RoomCommand.MoveTransports request) implements ConductorCommand {}

    /** A media node came or went. */
    record MediaNodesMoved() implements ConductorCommand {}

    /** The time is over within which a process that has just started finds all media nodes. */
    record MediaNodesKnown() implements ConductorCommand {}

    /** The time is over within which clients have to follow a move away from this node. */
    record LeaveDue(String mediaNode) implements ConductorCommand {}

    record ResendDue() implements ConductorCommand {}

    /** The time is over within which a participant must get a socket after a new owner took the room over. */
    record GraceOver(ParticipantSid participant) implements ConductorCommand {}
}
