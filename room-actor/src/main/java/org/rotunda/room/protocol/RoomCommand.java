package org.rotunda.room.protocol;

import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.LayerLimit;

/**
 * What a room can be asked. A refusal is an error reply that carries a {@link RoomRefusal}. Repeats are acknowledged and recorded
 * once.
 */
public interface RoomCommand {

    /** A command that the gateway may send. */
    sealed interface Public extends RoomCommand {}

    /** A command that is answered. One without an answer is never refused: whatever it says must not get lost. */
    sealed interface Request<T> extends Public {
        ActorRef<StatusReply<T>> replyTo();
    }

    // --- the room as a resource -----------------------------------------------------------------------------------

    /**
     * Creates the room under this SID. Refused with {@link RoomError#ROOM_EXISTS} if it was created before, by anybody else than the
     * one who is to be answered.
     *
     * @param uniqueName already claimed for this SID; the SID itself for a room without a name
     */
    record Create(
            AccountSid account, String uniqueName, RoomProperties properties, ActorRef<StatusReply<RoomView>> replyTo)
            implements Request<RoomView> {}

    record Fetch(ActorRef<StatusReply<RoomView>> replyTo) implements Request<RoomView> {}

    /** Ends the room and everybody's stay. Refused with {@link RoomError#ROOM_STATUS_INVALID} if it has ended. */
    record Complete(ActorRef<StatusReply<RoomView>> replyTo) implements Request<RoomView> {}

    /** The participants who are there now. */
    record ListParticipants(ActorRef<StatusReply<ParticipantViews>> replyTo) implements Request<ParticipantViews> {}

    /** One participant who is there now, by SID or identity. */
    record FetchParticipant(String sidOrIdentity, ActorRef<StatusReply<ParticipantView>> replyTo)
            implements Request<ParticipantView> {}

    /** Ends one participant's stay, by SID or identity; of one who has left, by SID, it changes nothing. */
    record RemoveParticipant(String sidOrIdentity, ActorRef<StatusReply<ParticipantView>> replyTo)
            implements Request<ParticipantView> {}

    /** Describes the room and its live call to operators. Refused with {@link RoomError#ROOM_COMPLETED} if it has ended. */
    record Inspect(ActorRef<StatusReply<RoomInspection>> replyTo) implements Request<RoomInspection> {}

    // --- sessions -------------------------------------------------------------------------------------------------

    /**
     * Admits a participant with a new session. An earlier one with the same identity is ended with
     * {@link RoomError#DUPLICATE_IDENTITY}.
     *
     * @param automaticSubscription false starts with nothing subscribed
     * @param channels media-signaling channels the client asks for, by name
     * @param offer the client's first
     * @param session hears everything from now on, after the reply
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
     * Takes a session over to another socket. Refused with {@link RoomError#PARTICIPANT_NOT_FOUND} when it is unknown or over,
     * {@link RoomError#ROOM_COMPLETED} when the room has ended.
     */
    record Sync(
            SessionId sessionId,
            ClientParticipant participant,
            List<ConnectionDescription> descriptions,
            ActorRef<SessionNotice> session,
            ActorRef<StatusReply<SessionNotice.Synced>> replyTo)
            implements Request<SessionNotice.Synced> {}

    /** What the client says of its tracks and connections. Answered by notices, if anything changes. */
    record Update(SessionId sessionId, ClientParticipant participant, List<ConnectionDescription> descriptions)
            implements Public {}

    /** The participant leaves. */
    record Disconnect(SessionId sessionId) implements Public {}

    /**
     * The socket of a session is gone; the session can be resumed until the session timeout.
     *
     * @param session the socket that is gone; ignored unless it is still the session's current one
     */
    record SocketLost(SessionId sessionId, ActorRef<SessionNotice> session) implements Public {}

    // --- the live call --------------------------------------------------------------------------------------------

    /**
     * Limits what one subscriber is sent of one video track; the seam of everything that adapts.
     *
     * @param subscriber SID of the one who is sent less
     */
    record LimitLayers(
            ParticipantSid subscriber, TrackSid track, LayerLimit layers, ActorRef<StatusReply<Done>> replyTo)
            implements Request<Done> {}

    /**
     * Moves everybody who is on that media node to another one. Acknowledged when that is decided; the clients follow within a
     * second. Refused with {@link RoomError#BUSY} while no other node takes participants.
     */
    record MoveTransports(String mediaNode, ActorRef<StatusReply<Done>> replyTo) implements Request<Done> {}
}
