package org.rotunda.room.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.VideoCodec;

/**
 * The properties with which a room was created. The creator has validated them.
 *
 * @param participantsMax the number of participants who may be in the room at the same time
 * @param maxParticipantDurationSeconds a participant is removed after that long
 * @param emptyRoomTimeoutMinutes the room completes this long after the last participant left; 0 means at once (ad-hoc
 *     rooms)
 * @param unusedRoomTimeoutMinutes the room completes if nobody has joined after that long; 0 for ad-hoc rooms, which
 *     somebody joins at once
 * @param videoCodecs empty in audio-only rooms
 */
public record RoomProperties(
        RoomType type,
        int participantsMax,
        int maxParticipantDurationSeconds,
        int emptyRoomTimeoutMinutes,
        int unusedRoomTimeoutMinutes,
        boolean recordParticipantsOnConnect,
        List<VideoCodec> videoCodecs,
        String mediaRegion,
        boolean audioOnly,
        boolean largeRoom,
        @Nullable String statusCallback,
        String statusCallbackMethod) {
    public static final int TRACKS_UNLIMITED = Integer.MAX_VALUE;
    private static final int GROUP_TRACKS_MAX = 170;
    private static final int LARGE_ROOM_TRACKS_MAX = 16;

    public RoomProperties {
        videoCodecs = List.copyOf(videoCodecs);
    }

    /**
     * Returns how many tracks may be published in the room at the same time; without a media server there is no limit.
     */
    public int tracksMax() {
        if (type == RoomType.PEER_TO_PEER || type == RoomType.GO) {
            return TRACKS_UNLIMITED;
        }
        return largeRoom ? LARGE_ROOM_TRACKS_MAX : GROUP_TRACKS_MAX;
    }
}
