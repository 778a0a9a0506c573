package org.rotunda.room.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;

/**
 * A notice from a room to the socket of a session. The notices of a session arrive in the order in which its client
 * must get them. Revisions only rise, even if another node takes the room over. The gateway passes revisions on without
 * reading them.
 */
public sealed interface SessionNotice {

    /**
     * The answer to a connect.
     *
     * @param channels the data-channel label of each granted media-signaling channel, by the name of the channel
     * @param node the node on which the room runs, as the text of its id in the node watch; null if the room's release
     *     does not tell it
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
            Map<String, String> channels,
            @Nullable String node)
            implements SessionNotice {
        public Connected {
            channels = Map.copyOf(channels);
        }
    }

    /**
     * The answer to a sync, with the whole current state.
     *
     * @param node the node on which the room runs, as in {@link Connected}
     */
    record Synced(
            RoomSid roomSid,
            String roomName,
            ParticipantSid participantSid,
            String identity,
            RoomSnapshot snapshot,
            Map<String, String> channels,
            @Nullable String node)
            implements SessionNotice {
        public Synced {
            channels = Map.copyOf(channels);
        }
    }

    /**
     * The whole state of a room as one client must know it.
     *
     * @param participants the other participants, each with its complete state
     * @param connections the client's peer connections
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

    /**
     * A peer connection.
     *
     * @param latest the server's latest description, or the other client's in a room without a media server; null
     *     before the first description
     * @param candidates the other client's candidates, one list for each ufrag; empty in a room with a media server
     */
    record Connection(
            String connectionId, @Nullable ConnectionDescription latest, List<ConnectionCandidates> candidates) {
        public Connection {
            candidates = List.copyOf(candidates);
        }

        /** Creates a connection without candidates. */
        public Connection(String connectionId, @Nullable ConnectionDescription latest) {
            this(connectionId, latest, List.of());
        }
    }

    /**
     * A change of the room's state. A part that is null has not changed.
     *
     * @param participants the participants that changed, each with its complete state
     */
    record RoomChanged(
            List<RemoteParticipant> participants,
            @Nullable Published published,
            @Nullable Subscribed subscribed,
            @Nullable Recording recording)
            implements SessionNotice {
        public RoomChanged {
            participants = List.copyOf(participants);
        }

        /** Creates a notice without a change of the recording. */
        public RoomChanged(
                List<RemoteParticipant> participants, @Nullable Published published, @Nullable Subscribed subscribed) {
            this(participants, published, subscribed, null);
        }
    }

    /** Descriptions and lists of candidates to pass on to the client. */
    record Descriptions(List<ConnectionDescription> descriptions, List<ConnectionCandidates> candidates)
            implements SessionNotice {
        public Descriptions {
            descriptions = List.copyOf(descriptions);
            candidates = List.copyOf(candidates);
        }

        /** Creates a notice without candidates. */
        public Descriptions(List<ConnectionDescription> descriptions) {
            this(descriptions, List.of());
        }
    }

    /**
     * The media-signaling channels of the session, after the client has lost some of them. A client that still has a
     * channel ignores its label.
     *
     * @param channels the data-channel label of each granted channel, by the name of the channel
     */
    record Channels(Map<String, String> channels) implements SessionNotice {
        public Channels {
            channels = Map.copyOf(channels);
        }
    }

    /**
     * The end of the session.
     *
     * @param error null when the participant was removed without an error
     */
    record Ended(@Nullable RoomError error) implements SessionNotice {}

    /**
     * Tells a socket that it must end, because another socket has resumed the session or the client must sync. The room
     * sends the client no message.
     */
    record Superseded() implements SessionNotice {}

    /**
     * Tells the socket that the room has a new owner. The gateway then syncs the session with the new owner, without
     * the client.
     */
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
     * One of the client's own tracks. It has a SID if it is published, and an error if it was refused. Without either,
     * the outcome is not known yet.
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
     * @param error the reason why the client cannot receive the publication; null if the client can
     */
    record SubscribedTrack(
            TrackSid sid, String id, @Nullable RoomError error) {}

    /** The announcement whether tracks of the room are recorded now. */
    record Recording(boolean isRecording, long revision) {}
}
