package org.rotunda.room.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSerializable;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;

/**
 * An event of a room. Events are stored, so a new field needs a default, and a new event needs a row in
 * {@code StoredTypes}.
 */
public sealed interface RoomEvent extends RoomSerializable {

    Instant at();

    record RoomCreated(RoomSid sid, AccountSid account, String uniqueName, RoomProperties properties, Instant at)
            implements RoomEvent {}

    /**
     * A new epoch has begun, because the room has a new owner or the revisions ran out. Media nodes refuse commands of
     * earlier epochs.
     */
    record RoomHosted(long epoch, Instant at) implements RoomEvent {}

    /**
     * A participant has connected.
     *
     * @param bandwidthProfile how the client wants its incoming bandwidth to be used; null if it does not say, and in
     *     events that were stored by earlier releases
     */
    record ParticipantConnected(
            ParticipantSid participant,
            String identity,
            String sessionHash,
            boolean automaticSubscription,
            Map<String, String> channels,
            Placement placement,
            long clientRevision,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            BandwidthProfile bandwidthProfile,

            Instant at)
            implements RoomEvent {
        public ParticipantConnected {
            channels = Map.copyOf(channels);
        }

        /** Creates the event of a participant without a bandwidth profile. */
        public ParticipantConnected(
                ParticipantSid participant,
                String identity,
                String sessionHash,
                boolean automaticSubscription,
                Map<String, String> channels,
                Placement placement,
                long clientRevision,
                Instant at) {
            this(
                    participant,
                    identity,
                    sessionHash,
                    automaticSubscription,
                    channels,
                    placement,
                    clientRevision,
                    null,
                    at);
        }
    }

    record TrackPublished(ParticipantSid participant, Publication publication, Instant at) implements RoomEvent {}

    record TrackRefused(ParticipantSid participant, RefusedTrack track, Instant at) implements RoomEvent {}

    record TrackChanged(ParticipantSid participant, TrackSid track, boolean enabled, TrackPriority priority, Instant at)
            implements RoomEvent {}

    record TrackUnpublished(ParticipantSid participant, TrackSid track, Instant at) implements RoomEvent {}

    /**
     * The room has handled the client's state of this revision. The track events before this event are the effects of
     * that state.
     *
     * @param listed the ids of the tracks in that state
     */
    record ParticipantRevised(ParticipantSid participant, long clientRevision, List<String> listed, Instant at)
            implements RoomEvent {
        public ParticipantRevised {
            listed = List.copyOf(listed);
        }
    }

    record SessionSuspended(ParticipantSid participant, Instant deadline, Instant at) implements RoomEvent {}

    record SessionResumed(ParticipantSid participant, Instant at) implements RoomEvent {}

    /** The participant has another media node or a new peer connection, as the placement says. */
    record ParticipantMoved(ParticipantSid participant, Placement placement, Instant at) implements RoomEvent {}

    /** Other subscribe rules decide what the participant receives. */
    record SubscribeRulesChanged(ParticipantSid participant, List<TrackRule> rules, Instant at) implements RoomEvent {
        public SubscribeRulesChanged {
            rules = List.copyOf(rules);
        }
    }

    /** Other rules decide what is recorded. */
    record RecordingRulesChanged(List<TrackRule> rules, Instant at) implements RoomEvent {
        public RecordingRulesChanged {
            rules = List.copyOf(rules);
        }
    }

    record ParticipantDisconnected(ParticipantSid participant, Departure departure, Instant at) implements RoomEvent {}

    /** The identity of a participant who has left is replaced by its SID. This may happen after the room's end. */
    record ParticipantAnonymized(ParticipantSid participant, Instant at) implements RoomEvent {}

    /** The room has ended, and everybody who was still there has left. */
    record RoomCompleted(Instant at) implements RoomEvent {}
}
