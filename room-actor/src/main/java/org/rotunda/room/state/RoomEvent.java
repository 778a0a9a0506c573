package org.rotunda.room.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSerializable;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/** Facts about a room, in past tense. Persisted: a new field needs a default and a new golden file. */
public sealed interface RoomEvent extends RoomSerializable {

    Instant at();

    record RoomCreated(RoomSid sid, AccountSid account, String uniqueName, RoomProperties properties, Instant at)
            implements RoomEvent {}

    /** An owner took the room on; the epoch fences every owner before it. */
    record RoomHosted(long epoch, Instant at) implements RoomEvent {}

    record ParticipantConnected(
            ParticipantSid participant,
            String identity,
            String sessionHash,
            boolean automaticSubscription,
            Map<String, String> channels,
            Placement placement,
            long clientRevision,
            Instant at)
            implements RoomEvent {
        public ParticipantConnected {
            channels = Map.copyOf(channels);
        }
    }

    record TrackPublished(ParticipantSid participant, Publication publication, Instant at) implements RoomEvent {}

    record TrackRefused(ParticipantSid participant, RefusedTrack track, Instant at) implements RoomEvent {}

    record TrackChanged(ParticipantSid participant, TrackSid track, boolean enabled, TrackPriority priority, Instant at)
            implements RoomEvent {}

    record TrackUnpublished(ParticipantSid participant, TrackSid track, Instant at) implements RoomEvent {}

    /**
     * The client's own state of this revision was taken in, by the track events before this one.
     *
     * @param listed ids of the tracks it listed
     */
    record ParticipantRevised(ParticipantSid participant, long clientRevision, List<String> listed, Instant at)
            implements RoomEvent {
        public ParticipantRevised {
            listed = List.copyOf(listed);
        }
    }

    record SessionSuspended(ParticipantSid participant, Instant deadline, Instant at) implements RoomEvent {}

    record SessionResumed(ParticipantSid participant, Instant at) implements RoomEvent {}

    /** Another media node: with the same peer connection moved there, or by a new one. */
    record ParticipantMoved(ParticipantSid participant, Placement placement, Instant at) implements RoomEvent {}

    record ParticipantDisconnected(ParticipantSid participant, Departure departure, Instant at) implements RoomEvent {}

    /** The end, for everybody who is still there too. */
    record RoomCompleted(Instant at) implements RoomEvent {}
}
