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

/** What the entity, sessions, media nodes and its own timers tell a {@link RoomConductor}. */
public sealed interface ConductorCommand {

    /** These events are journalled and led to this state. */
    record Evolved(RoomState state, List<RoomEvent> events) implements ConductorCommand {
        public Evolved {
            events = List.copyOf(events);
        }
    }

    /** A participant of the state is new, with this session. */
    record Admitted(
            SessionId sessionId,
            ActorRef<SessionNotice> session,
            ConnectionDescription offer,
            ActorRef<StatusReply<SessionNotice.Connected>> replyTo)
            implements ConductorCommand {}

    /** A participant's session goes on with another socket. */
    record Resumed(
            ParticipantSid participant,
            ActorRef<SessionNotice> session,
            List<ConnectionDescription> descriptions,
            ActorRef<StatusReply<SessionNotice.Synced>> replyTo)
            implements ConductorCommand {}

    /** A client's descriptions. */
    record RemoteDescriptions(ParticipantSid participant, List<ConnectionDescription> descriptions)
            implements ConductorCommand {}

    record SocketLost(ParticipantSid participant, ActorRef<SessionNotice> session) implements ConductorCommand {}

    /** A node is lost, and with it the sockets of all sessions there. */
    record SocketsLost(NodeId node) implements ConductorCommand {}

    /** What a session said could not be kept: its client must come back and say everything again. */
    record UpdateDropped(ParticipantSid participant) implements ConductorCommand {}

    record LimitLayers(RoomCommand.LimitLayers request) implements ConductorCommand {}

    record FromMedia(String mediaNode, MediaEvent event) implements ConductorCommand {}

    /** A media node is to be left. */
    record MoveTransports(RoomCommand.MoveTransports request) implements ConductorCommand {}

    /** A media node came or went. */
    record MediaNodesMoved() implements ConductorCommand {}

    /** A process that has just taken the room on has found all media nodes by now. */
    record MediaNodesKnown() implements ConductorCommand {}

    /** Who was on this node and has not followed by now does not hold up the others. */
    record LeaveDue(String mediaNode) implements ConductorCommand {}

    record ResendDue() implements ConductorCommand {}

    /** After a new owner took over, a participant must have been heard of by now. */
    record GraceOver(ParticipantSid participant) implements ConductorCommand {}
}
