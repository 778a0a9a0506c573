package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomView;

/** Writes a room as the REST API shows it. */
final class RoomJson {
    private RoomJson() {}

    static ObjectNode write(RoomView room, String baseUrl) {
        RoomProperties properties = room.properties();
        String url = baseUrl + "/v1/Rooms/" + room.sid();
        ObjectNode json = Json.object()
                .put("sid", room.sid().value())
                .put("status", room.status().wireName())
                .put("date_created", Json.date(room.createdAt()))
                .put("date_updated", Json.date(room.updatedAt()))
                .put("account_sid", room.account().value())
                .put("enable_turn", true)
                .put("unique_name", room.uniqueName())
                .put("status_callback", properties.statusCallback())
                .put("status_callback_method", properties.statusCallbackMethod())
                .put("end_time", Json.date(room.endedAt()))
                .put("duration", Json.seconds(room.createdAt(), room.endedAt()))
                .put("type", properties.type().wireName())
                .put("max_participants", properties.participantsMax())
                .put("max_participant_duration", properties.maxParticipantDurationSeconds())
                .put("max_concurrent_published_tracks", tracksMax(properties))
                .put("record_participants_on_connect", properties.recordParticipantsOnConnect());
        ArrayNode codecs = json.putArray("video_codecs");
        for (VideoCodec codec : properties.videoCodecs()) {
            codecs.add(codec.name());
        }
        json.put("media_region", properties.mediaRegion().isEmpty() ? null : properties.mediaRegion())
                .put("audio_only", properties.audioOnly())
                .put("empty_room_timeout", properties.emptyRoomTimeoutMinutes())
                .put("unused_room_timeout", properties.unusedRoomTimeoutMinutes())
                .put("large_room", properties.largeRoom())
                .put("url", url)
                .putObject("links")
                .put("participants", url + "/Participants")
                .put("recordings", url + "/Recordings")
                .put("recording_rules", url + "/RecordingRules")
                .put("transcriptions", url + "/Transcriptions");
        return json;
    }

    /** Returns the limit of tracks to show. The public API shows 0 if there is no limit. */
    private static int tracksMax(RoomProperties properties) {
        int max = properties.tracksMax();
        return max == RoomProperties.TRACKS_UNLIMITED ? 0 : max;
    }
}
