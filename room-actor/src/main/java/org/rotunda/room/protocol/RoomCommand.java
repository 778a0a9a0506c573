package org.rotunda.room.protocol;

import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.LayerLimit;

/**
 * A command to a room. A refusal is an error reply that carries a {@link RoomRefusal}. A repeated command is
 * acknowledged, but not recorded again.
 */
public interface RoomCommand {

    /** A command that the gateway can send. */
    sealed interface Public extends RoomCommand {}

    /** A command that gets a reply. Only such a command can be refused. */
    sealed interface Request<T> extends Public {
        ActorRef<StatusReply<T>> replyTo();
    }

    // --- commands of the REST API ---------------------------------------------------------------------------------

    /**
     * Creates the room under this SID. The room refuses a second Create with {@link RoomError#ROOM_EXISTS}, but
     * acknowledges a repeat with the same {@code replyTo}.
     *
     * @param uniqueName the name, already claimed for this SID; the SID itself for a room without a name
     */
    record Create(
            AccountSid account, String uniqueName, RoomProperties properties, ActorRef<StatusReply<RoomView>> replyTo)
            implements Request<RoomView> {}

    record Fetch(ActorRef<StatusReply<RoomView>> replyTo) implements Request<RoomView> {}

    /**
     * Ends the room and the sessions of all participants. A room that has just ended acknowledges a repeated command. A
     * room that ended more than a minute ago refuses with {@link RoomError#ROOM_STATUS_INVALID}.
     */
    record Complete(ActorRef<StatusReply<RoomView>> replyTo) implements Request<RoomView> {}

    /**
     * Lists participants. A room that has ended answers, too.
     *
     * @param departed false for the participants who are in the room now; true for the participants who left last,
     *     because the tables may not list them yet
     */
    record ListParticipants(boolean departed, ActorRef<StatusReply<ParticipantViews>> replyTo)
            implements Request<ParticipantViews> {
        public ListParticipants(ActorRef<StatusReply<ParticipantViews>> replyTo) {
            this(false, replyTo);
        }
    }

    /**
     * Reads one participant. A participant who is in the room now is found by SID or identity. A participant who left
     * lately is found by SID. A room that has ended answers, too.
     */
    record FetchParticipant(String sidOrIdentity, ActorRef<StatusReply<ParticipantView>> replyTo)
            implements Request<ParticipantView> {}

    /**
     * Removes one participant, found by SID or identity. If the SID belongs to a participant who has already left,
     * nothing changes.
     */
    record RemoveParticipant(String sidOrIdentity, ActorRef<StatusReply<ParticipantView>> replyTo)
            implements Request<ParticipantView> {}

    /** Reads the subscribe rules of a participant who is in the room, found by SID or identity. */
    record FetchSubscribeRules(String sidOrIdentity, ActorRef<StatusReply<RulesView>> replyTo)
            implements Request<RulesView> {}

    /** Replaces the subscribe rules of a participant who is in the room, found by SID or identity. */
    record ChangeSubscribeRules(String sidOrIdentity, List<TrackRule> rules, ActorRef<StatusReply<RulesView>> replyTo)
            implements Request<RulesView> {
        public ChangeSubscribeRules {
            rules = List.copyOf(rules);
        }
    }

    /**
     * Lists the tracks of a participant who is in the room, found by SID or identity.
     *
     * @param subscribed false for the tracks that the participant publishes; true for the tracks that it receives by
     *     its subscribe rules
     */
    record ListTracks(String sidOrIdentity, boolean subscribed, ActorRef<StatusReply<TrackViews>> replyTo)
            implements Request<TrackViews> {}

    /**
     * Replaces the identity of a participant who has left by its SID. The caller has found the participant in this
     * room, because the room itself forgets participants who left long ago. The room answers when the participant's row
     * is written. It refuses with {@link RoomError#PARTICIPANT_STATUS_INVALID} while the participant is in the room. A
     * room that has ended anonymizes, too.
     */
    record Anonymize(ParticipantSid participant, ActorRef<StatusReply<Done>> replyTo) implements Request<Done> {}

    record FetchRecordingRules(ActorRef<StatusReply<RulesView>> replyTo) implements Request<RulesView> {}

    /**
     * Replaces the recording rules. The room refuses rules that include anything with
     * {@link RoomError#RECORDING_NOT_SUPPORTED}, unless recording is simulated.
     */
    record ChangeRecordingRules(List<TrackRule> rules, ActorRef<StatusReply<RulesView>> replyTo)
            implements Request<RulesView> {
        public ChangeRecordingRules {
            rules = List.copyOf(rules);
        }
    }

    /**
     * Describes the room and its live call to operators. A room that has ended refuses with
     * {@link RoomError#ROOM_COMPLETED}.
     */
    record Inspect(ActorRef<StatusReply<RoomInspection>> replyTo) implements Request<RoomInspection> {}

    /**
     * Explains which video tracks a participant receives in which layer. The participant is found by SID or identity. A
     * room without a media server refuses with {@link RoomError#SUBSCRIPTION_NOT_SUPPORTED}.
     */
    record FetchAllocation(String sidOrIdentity, ActorRef<StatusReply<AllocationView>> replyTo)
            implements Request<AllocationView> {}

    // --- sessions -------------------------------------------------------------------------------------------------

    /**
     * Admits a participant with a new session. An earlier session of the same identity ends with {@link
     * RoomError#DUPLICATE_IDENTITY}.
     *
     * @param automaticSubscription false if the participant is to receive no tracks; read only if {@code
     *     subscribeRules} is empty
     * @param subscribeRules the participant's first subscribe rules; empty if the client names none
     * @param channels the names of the media-signaling channels that the client asks for
     * @param bandwidthProfile how the client wants its incoming bandwidth to be used; null if it does not say
     * @param offer the client's first offer
     * @param session the socket that gets every notice of the new session after the reply
     */
    record Connect(
            AccountSid account,
            String identity,
            ClientParticipant participant,
            boolean automaticSubscription,
            List<TrackRule> subscribeRules,
            Set<String> channels,
            @Nullable BandwidthProfile bandwidthProfile,
            ConnectionDescription offer,
            ActorRef<SessionNotice> session,
            ActorRef<StatusReply<SessionNotice.Connected>> replyTo)
            implements Request<SessionNotice.Connected> {
        public Connect {
            subscribeRules = List.copyOf(subscribeRules);
        }

        /** Creates a connect without subscribe rules and without a bandwidth profile. */
        public Connect(
                AccountSid account,
                String identity,
                ClientParticipant participant,
                boolean automaticSubscription,
                Set<String> channels,
                ConnectionDescription offer,
                ActorRef<SessionNotice> session,
                ActorRef<StatusReply<SessionNotice.Connected>> replyTo) {
            this(
                    account,
                    identity,
                    participant,
                    automaticSubscription,
                    List.of(),
                    channels,
                    null,
                    offer,
                    session,
                    replyTo);
        }
    }

    /**
     * Resumes a session on another socket. The room refuses with {@link RoomError#PARTICIPANT_NOT_FOUND} if the session
     * is unknown or over, with {@link RoomError#PARTICIPANT_SESSION_LENGTH_EXCEEDED} if the participant's longest stay
     * is over, and with {@link RoomError#ROOM_COMPLETED} if the room has ended.
     *
     * @param candidates the client's candidates on its connections, as far as the caller knows them
     * @param session the socket that gets every notice of the session after the reply
     */
    record Sync(
            SessionId sessionId,
            ClientParticipant participant,
            List<ConnectionDescription> descriptions,
            List<ConnectionCandidates> candidates,
            ActorRef<SessionNotice> session,
            ActorRef<StatusReply<SessionNotice.Synced>> replyTo)
            implements Request<SessionNotice.Synced> {
        public Sync {
            candidates = List.copyOf(candidates);
        }

        /** Creates a sync without candidates. */
        public Sync(
                SessionId sessionId,
                ClientParticipant participant,
                List<ConnectionDescription> descriptions,
                ActorRef<SessionNotice> session,
                ActorRef<StatusReply<SessionNotice.Synced>> replyTo) {
            this(sessionId, participant, descriptions, List.of(), session, replyTo);
        }
    }

    /**
     * Reports the client's current tracks, and new descriptions and candidates of its connections. If anything changes,
     * the room sends notices.
     *
     * @param candidates read only in rooms without a media server
     */
    record Update(
            SessionId sessionId,
            ClientParticipant participant,
            List<ConnectionDescription> descriptions,
            List<ConnectionCandidates> candidates)
            implements Public {
        public Update {
            candidates = List.copyOf(candidates);
        }

        /** Creates an update without candidates. */
        public Update(SessionId sessionId, ClientParticipant participant, List<ConnectionDescription> descriptions) {
            this(sessionId, participant, descriptions, List.of());
        }
    }

    /** Ends the session, because the client leaves. */
    record Disconnect(SessionId sessionId) implements Public {}

    /**
     * Reports that the socket of a session is gone. The session can be resumed until the session timeout.
     *
     * @param session the lost socket; the command is ignored if the session already has another socket
     */
    record SocketLost(SessionId sessionId, ActorRef<SessionNotice> session) implements Public {}

    // --- the live call --------------------------------------------------------------------------------------------

    /**
     * Limits the layers of one video track that are sent to one subscriber.
     *
     * @param subscriber the SID of the participant that receives fewer layers
     */
    record LimitLayers(
            ParticipantSid subscriber, TrackSid track, LayerLimit layers, ActorRef<StatusReply<Done>> replyTo)
            implements Request<Done> {}

    /**
     * Moves everybody who is on this media node to another node. The room acknowledges the command when the move is
     * decided; the clients follow afterwards. If no other node accepts participants, the room refuses with
     * {@link RoomError#BUSY}.
     */
    record MoveTransports(String mediaNode, ActorRef<StatusReply<Done>> replyTo) implements Request<Done> {}
}
