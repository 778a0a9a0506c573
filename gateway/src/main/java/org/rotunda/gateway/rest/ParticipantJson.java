package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.rotunda.room.protocol.ParticipantView;

/** Writes a participant as the REST API shows it. */
final class ParticipantJson {
    private ParticipantJson() {}

    static ObjectNode write(ParticipantView participant, String baseUrl) {
        String url = url(participant, baseUrl);
        ObjectNode json = properties(participant).put("url", url);
        json.putObject("links")
                .put("published_tracks", url + "/PublishedTracks")
                .put("subscribed_tracks", url + "/SubscribedTracks")
                .put("subscribe_rules", url + "/SubscribeRules")
                .put("anonymize", url + "/Anonymize");
        return json;
    }

    /** Writes the answer to a request to anonymize the participant. This answer has no links. */
    static ObjectNode writeAnonymized(ParticipantView participant, String baseUrl) {
        return properties(participant).put("url", url(participant, baseUrl) + "/Anonymize");
    }

    private static String url(ParticipantView participant, String baseUrl) {
        return baseUrl + "/v1/Rooms/" + participant.room() + "/Participants/" + participant.sid();
    }

    private static ObjectNode properties(ParticipantView participant) {
        return Json.object()
                .put("sid", participant.sid().value())
                .put("room_sid", participant.room().value())
                .put("account_sid", participant.account().value())
                .put("status", participant.status().wireName())
                .put("identity", participant.identity())
                .put("date_created", Json.date(participant.startedAt()))
                .put("date_updated", Json.date(participant.updatedAt()))
                .put("start_time", Json.date(participant.startedAt()))
                .put("end_time", Json.date(participant.endedAt()))
                .put("duration", Json.seconds(participant.startedAt(), participant.endedAt()));
    }
}
