package org.rotunda.room.state;

import java.util.Optional;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;

/** The rules that decide which tracks may be published. A refusal concerns one track; the session continues. */
public final class TrackRules {
    // The maximum length of a track's name in UTF-16 code units. Clients measure the length in the same unit.
    static final int NAME_LENGTH_MAX = 128;

    private TrackRules() {}

    /**
     * Returns the reason to refuse the track, or nothing.
     *
     * @param roomTracks the number of tracks published in the room now
     */
    public static Optional<RoomError> refusal(
            RoomProperties room, int roomTracks, Participant participant, ClientTrack track) {
        if (track.name().length() > NAME_LENGTH_MAX) {
            return Optional.of(RoomError.TRACK_NAME_TOO_LONG);
        }
        if (participant.publications().stream().anyMatch(other -> other.name().equals(track.name()))) {
            return Optional.of(RoomError.TRACK_NAME_DUPLICATED);
        }
        if (room.audioOnly() && track.kind() == TrackKind.VIDEO) {
            return Optional.of(RoomError.TRACK_KIND_NOT_SUPPORTED);
        }
        return roomTracks < room.tracksMax() ? Optional.empty() : Optional.of(RoomError.MAX_TRACKS_EXCEEDED);
    }
}
