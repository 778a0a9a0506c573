package org.rotunda.room.state;

import java.util.Optional;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomType;

/** The rules that decide which tracks may be published. A refusal concerns one track; the session continues. */
public final class TrackRules {
    static final int NAME_LENGTH_MAX = 128; // UTF-16 units, as the client counts them.
    static final int GROUP_TRACKS_MAX = 170;
    static final int LARGE_ROOM_TRACKS_MAX = 16;

    private TrackRules() {}

    /**
     * Returns the reason to refuse the track, or nothing.
     *
     * @param roomTracks tracks published in the room now
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
        return roomTracks < tracksMax(room) ? Optional.empty() : Optional.of(RoomError.MAX_TRACKS_EXCEEDED);
    }

    /** Returns the number of tracks that may be published in a room at the same time; rooms without a media server have no limit. */
    static int tracksMax(RoomProperties room) {
        if (room.type() == RoomType.PEER_TO_PEER || room.type() == RoomType.GO) {
            return Integer.MAX_VALUE;
        }
        return room.largeRoom() ? LARGE_ROOM_TRACKS_MAX : GROUP_TRACKS_MAX;
    }
}
