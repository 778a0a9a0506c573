package org.rotunda.room.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;

/**
 * What a room tells a session. Revisions only rise, across fail-over too; a session passes them on unread. Notices of one session
 * arrive in the order in which the client must hear of them.
 */
public sealed interface SessionNotice {

    /**
     * The answer to a connect.
     *
     * @param channels granted media-signaling channels: name to data-channel label
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

    /** The answer to a sync: all of the current state. */
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
     * All that a client must know of a room.
     *
     * @param participants the others, complete
     * @param connections every live peer connection with the latest description of ours; without a description if there is none yet
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

    /** A live peer connection; {@code latest} is null before the first description of ours. */
    record Connection(String connectionId, @Nullable ConnectionDescription latest) {}

    /**
     * What changed; absent parts did not.
     *
     * @param participants those that changed, each complete
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
     * The session is over.
     *
     * @param error null when the participant was removed without one
     */
    record Ended(@Nullable RoomError error) implements SessionNotice {}

    /** Another socket has resumed the session: the old one is dropped without a word to the client. */
    record Superseded() implements SessionNotice {}

    /** The room goes on at another node: the session takes itself up there, and its client hears nothing of it. */
    record Moved() implements SessionNotice {}

    /** Another participant as the client sees it. A disconnected one still lists its last tracks. */
    record RemoteParticipant(
            ParticipantSid sid, String identity, ParticipantStatus status, long revision, List<RemoteTrack> tracks) {
        public RemoteParticipant {
            tracks = List.copyOf(tracks);
        }
    }

    record RemoteTrack(TrackSid sid, TrackKind kind, String name, boolean enabled, TrackPriority priority) {}

    /** What became of the client's own tracks. */
    record Published(long revision, List<PublishedTrack> tracks) {
        public Published {
            tracks = List.copyOf(tracks);
        }
    }

    /**
     * One own track: ready with a SID, or failed with an error.
     *
     * @param id the client's
     */
    record PublishedTrack(
            String id, @Nullable TrackSid sid, @Nullable RoomError error) {}

    /** All that the client receives. */
    record Subscribed(long revision, List<SubscribedTrack> tracks) {
        public Subscribed {
            tracks = List.copyOf(tracks);
        }
    }

    /**
     * Ties a publication to what arrives.
     *
     * @param id msid track id of an m-line, or label of a data channel
     */
    record SubscribedTrack(TrackSid sid, String id) {}

    record Recording(boolean isRecording, long revision) {}
}
