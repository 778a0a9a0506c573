package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.VideoCodec;

/**
 * The properties with which a room was created. The creator has validated them.
 *
 * @param participantsMax the number of participants who may be in the room at the same time
 * @param maxParticipantDurationSeconds the time after which a participant is removed
 * @param emptyRoomTimeoutMinutes the time from the departure of the last participant to the completion of the room; 0
 *     means at once (ad-hoc rooms)
 * @param unusedRoomTimeoutMinutes the time after which the room completes if nobody has joined; 0 for ad-hoc rooms,
 *     because their creator joins at once
 * @param videoCodecs empty in audio-only rooms
 * @param recordParticipantsOnConnect true if all tracks are to be recorded before any recording rule applies
 * @param recordingRules the recording rules that the creator has given; empty if there were none
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
        String statusCallbackMethod,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TrackRule> recordingRules) {
    public static final int TRACKS_UNLIMITED = Integer.MAX_VALUE;
    private static final int GROUP_TRACKS_MAX = 170;
    private static final int LARGE_ROOM_TRACKS_MAX = 16;

    public RoomProperties {
        videoCodecs = List.copyOf(videoCodecs);
        // Rooms that were stored by earlier releases have no list.
        recordingRules = List.copyOf(Objects.requireNonNullElse(recordingRules, List.of()));
    }

    /** Creates the properties of a room whose creator has given no recording rules. */
    public RoomProperties(
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
        this(
                type,
                participantsMax,
                maxParticipantDurationSeconds,
                emptyRoomTimeoutMinutes,
                unusedRoomTimeoutMinutes,
                recordParticipantsOnConnect,
                videoCodecs,
                mediaRegion,
                audioOnly,
                largeRoom,
                statusCallback,
                statusCallbackMethod,
                List.of());
    }

    /** Returns the same properties with other recording rules. */
    public RoomProperties withRecordingRules(List<TrackRule> rules) {
        return new RoomProperties(
                type,
                participantsMax,
                maxParticipantDurationSeconds,
                emptyRoomTimeoutMinutes,
                unusedRoomTimeoutMinutes,
                recordParticipantsOnConnect,
                videoCodecs,
                mediaRegion,
                audioOnly,
                largeRoom,
                statusCallback,
                statusCallbackMethod,
                rules);
    }

    /** Returns whether media of this room goes through a media router. Only such a room has rules for tracks. */
    public boolean hasMediaServer() {
        return type.hasMediaServer();
    }

    /**
     * Returns the number of tracks that may be published in the room at the same time. For room types without a media
     * server, the result is {@link #TRACKS_UNLIMITED}.
     */
    public int tracksMax() {
        if (!hasMediaServer()) {
            return TRACKS_UNLIMITED;
        }
        return largeRoom ? LARGE_ROOM_TRACKS_MAX : GROUP_TRACKS_MAX;
    }
}
