package org.rotunda.room.state;

import java.util.Optional;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.StorableText;

/** The rules that decide which tracks may be published. A refusal concerns one track; the session continues. */
public final class TrackRules {
    private TrackRules() {}

    /**
     * Returns the reason to refuse the track, or nothing.
     *
     * @param roomTracks the number of tracks published in the room now
     */
    public static Optional<RoomError> refusal(
            RoomProperties room, int roomTracks, Participant participant, ClientTrack track) {
        if (track.name().length() > ClientLimits.TRACK_NAME_CHARS_MAX) {
            return Optional.of(RoomError.TRACK_NAME_TOO_LONG);
        }
        if (!StorableText.isStorable(track.name())) {
            return Optional.of(RoomError.TRACK_NAME_CHARS_INVALID);
        }
        if (participant.publications().stream().anyMatch(other -> other.name().equals(track.name()))) {
            return Optional.of(RoomError.TRACK_NAME_DUPLICATED);
        }
        if (room.audioOnly() && track.kind() == TrackKind.VIDEO) {
            return Optional.of(RoomError.TRACK_KIND_NOT_SUPPORTED);
        }
        return roomTracks < Math.min(room.tracksMax(), ClientLimits.ROOM_TRACKS_MAX)
                ? Optional.empty()
                : Optional.of(RoomError.MAX_TRACKS_EXCEEDED);
    }
}
