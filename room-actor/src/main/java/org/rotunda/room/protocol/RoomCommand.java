package org.rotunda.room.protocol;

import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.LayerLimit;

/**
 * A command to a room. A refusal is an error reply that carries a {@link RoomRefusal}. A repeated command is
 * acknowledged again and recorded once.
 */
public interface RoomCommand {

    /** A command that the gateway may send. */
    sealed interface Public extends RoomCommand {}

    /**
     * A command that gets a reply. A command without a reply is never refused, because its content must not get lost.
     */
    sealed interface Request<T> extends Public {
        ActorRef<StatusReply<T>> replyTo();
    }

    // --- the room as a resource -----------------------------------------------------------------------------------

    /**
     * Creates the room under this SID. Refused with {@link RoomError#ROOM_EXISTS} if the room was created before,
     * unless {@code replyTo} is the same as then, because a repeat by the creator is acknowledged.
     *
     * @param uniqueName already claimed for this SID; the SID itself for a room without a name
     */
    record Create(
            AccountSid account, String uniqueName, RoomProperties properties, ActorRef<StatusReply<RoomView>> replyTo)
            implements Request<RoomView> {}

    record Fetch(ActorRef<StatusReply<RoomView>> replyTo) implements Request<RoomView> {}

    /**
     * Ends the room and all stays in it. Refused with {@link RoomError#ROOM_STATUS_INVALID} if it has already ended.
     */
    record Complete(ActorRef<StatusReply<RoomView>> replyTo) implements Request<RoomView> {}

    /** Lists the participants who are in the room now. */
    record ListParticipants(ActorRef<StatusReply<ParticipantViews>> replyTo) implements Request<ParticipantViews> {}

    /** Reads one participant who is in the room now, by SID or identity. */
    record FetchParticipant(String sidOrIdentity, ActorRef<StatusReply<ParticipantView>> replyTo)
            implements Request<ParticipantView> {}

    /**
     * Ends one participant's stay, by SID or identity. If the SID is of a participant who has left, nothing changes.
     */
    record RemoveParticipant(String sidOrIdentity, ActorRef<StatusReply<ParticipantView>> replyTo)
            implements Request<ParticipantView> {}

    /** Describes the room and its call to operators. Refused with {@link RoomError#ROOM_COMPLETED} if it has ended. */
    record Inspect(ActorRef<StatusReply<RoomInspection>> replyTo) implements Request<RoomInspection> {}

    // --- sessions -------------------------------------------------------------------------------------------------

    /**
     * Admits a participant with a new session. An earlier session of the same identity is ended with
     * {@link RoomError#DUPLICATE_IDENTITY}.
     *
     * @param automaticSubscription false if the participant is to be subscribed to no tracks
     * @param channels the names of the media-signaling channels that the client asks for
     * @param offer the client's first offer
     * @param session the socket of the new session; after the reply it gets every notice
     */
    record Connect(
            AccountSid account,
            String identity,
            ClientParticipant participant,
            boolean automaticSubscription,
            Set<String> channels,
            ConnectionDescription offer,
            ActorRef<SessionNotice> session,
            ActorRef<StatusReply<SessionNotice.Connected>> replyTo)
            implements Request<SessionNotice.Connected> {}

    /**
     * Resumes a session on another socket. Refused with {@link RoomError#PARTICIPANT_NOT_FOUND} when the session is
     * unknown or over, and with {@link RoomError#ROOM_COMPLETED} when the room has ended.
     *
     * @param session the socket that gets the session's notices from now on, after the reply
     */
    record Sync(
            SessionId sessionId,
            ClientParticipant participant,
            List<ConnectionDescription> descriptions,
            ActorRef<SessionNotice> session,
            ActorRef<StatusReply<SessionNotice.Synced>> replyTo)
            implements Request<SessionNotice.Synced> {}

    /**
     * Tells the client's current tracks and new descriptions of its connections. Notices follow if anything changes.
     */
    record Update(SessionId sessionId, ClientParticipant participant, List<ConnectionDescription> descriptions)
            implements Public {}

    /** Ends the participant's stay, because its client leaves. */
    record Disconnect(SessionId sessionId) implements Public {}

    /**
     * Tells that the socket of a session is gone. The session can be resumed until the session timeout.
     *
     * @param session the socket that is gone; the command is ignored unless it is still the session's current socket
     */
    record SocketLost(SessionId sessionId, ActorRef<SessionNotice> session) implements Public {}

    // --- the live call --------------------------------------------------------------------------------------------

    /**
     * Limits the layers of one video track that are sent to one subscriber. Everything that adapts the quality for a
     * subscriber uses this command.
     *
     * @param subscriber SID of the participant who is sent fewer layers
     */
    record LimitLayers(
            ParticipantSid subscriber, TrackSid track, LayerLimit layers, ActorRef<StatusReply<Done>> replyTo)
            implements Request<Done> {}

    /**
     * Moves everybody who is on that media node to another node. Acknowledged when the move is decided; the clients
     * follow within a second. Refused with {@link RoomError#BUSY} while no other node accepts participants.
     */
    record MoveTransports(String mediaNode, ActorRef<StatusReply<Done>> replyTo) implements Request<Done> {}
}
