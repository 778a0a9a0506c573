package org.rotunda.room.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;

/**
 * A notice from a room to the socket of a session. Revisions only rise, also across a fail-over; the gateway passes
 * them on without reading them. The notices of one session arrive in the order in which its client must get them.
 */
public sealed interface SessionNotice {

    /**
     * The answer to a connect.
     *
     * @param channels the data-channel labels of the granted media-signaling channels, by the channels' names
     */
    record Connected(
            SessionId sessionId,
            RoomSid roomSid,
            String roomName,
            ParticipantSid participantSid,
            String identity,
            Duration sessionTimeout,
            String mediaRegion,
            RoomSnapshot snapshot,
            Map<String, String> channels)
            implements SessionNotice {
        public Connected {
            channels = Map.copyOf(channels);
        }
    }

    /** The answer to a sync: the whole current state. */
    record Synced(
            RoomSid roomSid,
            String roomName,
            ParticipantSid participantSid,
            String identity,
            RoomSnapshot snapshot,
            Map<String, String> channels)
            implements SessionNotice {
        public Synced {
            channels = Map.copyOf(channels);
        }
    }

    /**
     * The whole state of a room as one client must know it.
     *
     * @param participants the other participants, each with its complete state
     * @param connections every live peer connection with our latest description, if there is one yet
     */
    record RoomSnapshot(
            List<RemoteParticipant> participants,
            Published published,
            Subscribed subscribed,
            List<Connection> connections,
            Recording recording) {
        public RoomSnapshot {
            participants = List.copyOf(participants);
            connections = List.copyOf(connections);
        }
    }

    /** A live peer connection; {@code latest} is null until we make our first description. */
    record Connection(String connectionId, @Nullable ConnectionDescription latest) {}

    /**
     * A change of the room's state. A part that is absent has not changed.
     *
     * @param participants the participants that changed, each with its complete state
     */
    record RoomChanged(
            List<RemoteParticipant> participants,
            @Nullable Published published,
            @Nullable Subscribed subscribed) implements SessionNotice {
        public RoomChanged {
            participants = List.copyOf(participants);
        }
    }

    /** Descriptions to pass on to the client. */
    record Descriptions(List<ConnectionDescription> descriptions) implements SessionNotice {
        public Descriptions {
            descriptions = List.copyOf(descriptions);
        }
    }

    /**
     * The end of the session.
     *
     * @param error null when the participant was removed without an error
     */
    record Ended(@Nullable RoomError error) implements SessionNotice {}

    /** Tells the old socket that another socket has resumed the session. The client is told nothing. */
    record Superseded() implements SessionNotice {}

    /** Tells that the room goes on at another node. The gateway syncs the session there; the client is told nothing. */
    record Moved() implements SessionNotice {}

    /** Another participant as the client sees it. A disconnected participant still lists its last tracks. */
    record RemoteParticipant(
            ParticipantSid sid, String identity, ParticipantStatus status, long revision, List<RemoteTrack> tracks) {
        public RemoteParticipant {
            tracks = List.copyOf(tracks);
        }
    }

    record RemoteTrack(TrackSid sid, TrackKind kind, String name, boolean enabled, TrackPriority priority) {}

    /** The state of the client's own tracks. */
    record Published(long revision, List<PublishedTrack> tracks) {
        public Published {
            tracks = List.copyOf(tracks);
        }
    }

    /**
     * One of the client's own tracks: ready with a SID, or failed with an error.
     *
     * @param id the id that the client has chosen
     */
    record PublishedTrack(
            String id, @Nullable TrackSid sid, @Nullable RoomError error) {}

    /** All tracks that the client receives. */
    record Subscribed(long revision, List<SubscribedTrack> tracks) {
        public Subscribed {
            tracks = List.copyOf(tracks);
        }
    }

    /**
     * Tells on which m-line or data channel the client receives a publication.
     *
     * @param id msid track id of an m-line, or label of a data channel
     */
    record SubscribedTrack(TrackSid sid, String id) {}

    record Recording(boolean isRecording, long revision) {}
}
