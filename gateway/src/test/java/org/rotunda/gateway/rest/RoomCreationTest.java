package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.TrackRule;

/** Tests POST /v1/Rooms. Compares answers byte for byte. */
class RoomCreationTest extends HttpFixture {
    @Test
    void createsARoomInExactlyTheCanonicalForm() {
        HttpResponse<String> response = post("/v1/Rooms", "UniqueName=standup");

        assertThat(response.statusCode()).isEqualTo(201);
        String sid = json(response).path("sid").asText();
        assertThat(json(response)).isEqualTo(json("""
            {"sid":"SID","status":"in-progress","date_created":"2024-03-01T10:00:00Z",
             "date_updated":"2024-03-01T10:00:00Z","account_sid":"AC00000000000000000000000000000001","enable_turn":true,
             "unique_name":"standup","status_callback":null,"status_callback_method":"POST","end_time":null,"duration":null,
             "type":"group","max_participants":50,"max_participant_duration":14400,"max_concurrent_published_tracks":170,
             "record_participants_on_connect":false,"video_codecs":["VP8","H264"],"media_region":"us1","audio_only":false,
             "empty_room_timeout":5,"unused_room_timeout":5,"large_room":false,
             "url":"BASE/v1/Rooms/SID",
             "links":{"participants":"BASE/v1/Rooms/SID/Participants",
              "recordings":"BASE/v1/Rooms/SID/Recordings",
              "recording_rules":"BASE/v1/Rooms/SID/RecordingRules",
              "transcriptions":"BASE/v1/Rooms/SID/Transcriptions"}}\
            """.replace("SID", sid).replace("BASE", base())));
        assertThat(response.headers().firstValue("Twilio-Request-Id").orElse(""))
                .matches("RQ[0-9a-f]{32}");
        assertAllowsPagesOfOtherOrigins(response);

        assertFails(post("/v1/Rooms", "UniqueName=standup"), 400, 53113);
    }

    @Test
    void takesEveryParameter() {
        JsonNode room = json(post(
                "/v1/Rooms/",
                "UniqueName=Daily+%C3%9Cbung%2F1&Type=group&MaxParticipants=51&MaxParticipantDuration=600&EmptyRoomTimeout=60"
                        + "&UnusedRoomTimeout=1&RecordParticipantsOnConnect=False&VideoCodecs=H264&MediaRegion=de1&LargeRoom=true"
                        + "&StatusCallback=https%3A%2F%2Fexample.com%2Fcb%3Fa%3Db&StatusCallbackMethod=GET"
                        + "&EnableTurn=false&New=1"));

        assertThat(room.path("unique_name").asText()).isEqualTo("Daily Übung/1");
        assertThat(room.path("max_participants").asInt()).isEqualTo(51);
        assertThat(room.path("max_participant_duration").asInt()).isEqualTo(600);
        assertThat(room.path("empty_room_timeout").asInt()).isEqualTo(60);
        assertThat(room.path("unused_room_timeout").asInt()).isEqualTo(1);
        assertThat(room.path("record_participants_on_connect").asBoolean()).isFalse();
        assertThat(room.path("video_codecs").toString()).isEqualTo("[\"H264\"]");
        assertThat(room.path("media_region").asText()).isEqualTo("de1");
        assertThat(room.path("max_concurrent_published_tracks").asInt()).isEqualTo(16);
        assertThat(room.path("status_callback").asText()).isEqualTo("https://example.com/cb?a=b");
        assertThat(room.path("status_callback_method").asText()).isEqualTo("GET");
        assertThat(get("/v1/Rooms/Daily%20%C3%9Cbung%2F1").statusCode()).isEqualTo(200);
    }

    @Test
    void takesMultipartFormsListsAndEmptyBodies() {
        String multipart = String.join(
                "\r\n",
                "--x",
                "Content-Disposition: form-data; name=\"UniqueName\"",
                "",
                "multi",
                "--x",
                "Content-Disposition: form-data; name=\"VideoCodecs\"",
                "",
                "VP8,H264",
                "--x--",
                "");
        JsonNode room = json(send(request("/v1/Rooms")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(HttpRequest.BodyPublishers.ofString(multipart))));
        assertThat(room.path("unique_name").asText()).isEqualTo("multi");
        assertThat(room.path("video_codecs").size()).isEqualTo(2);

        JsonNode unnamed = json(send(request("/v1/Rooms").POST(HttpRequest.BodyPublishers.noBody())));
        assertThat(unnamed.path("unique_name")).isEqualTo(unnamed.path("sid"));

        JsonNode audio = json(post("/v1/Rooms", "AudioOnly=true&UniqueName="));
        assertThat(audio.path("audio_only").asBoolean()).isTrue();
        assertThat(audio.path("video_codecs").toString()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource({"group, 50, us1, 170", "group-small, 4, us1, 170", "peer-to-peer, 10, , 0", "go, 2, , 0"})
    void givesEachTypeItsDefaults(String type, int participants, @Nullable String region, int tracks) {
        JsonNode room = json(post("/v1/Rooms", "Type=" + type));

        assertThat(room.path("type").asText()).isEqualTo(type);
        assertThat(room.path("max_participants").asInt()).isEqualTo(participants);
        assertThat(room.path("media_region").textValue()).isEqualTo(region);
        assertThat(room.path("max_concurrent_published_tracks").asInt()).isEqualTo(tracks);
        assertThat(room.path("record_participants_on_connect").asBoolean()).isFalse();
        assertThat(room.path("audio_only").asBoolean()).isFalse();
        assertThat(json(post("/v1/Rooms", "MaxParticipants=1&Type=" + type))
                        .path("max_participants")
                        .asInt())
                .isEqualTo(1);
    }

    /** The room exists, but its answer was lost, so the client gets 500 and repeats the create as helper libraries do. */
    @ParameterizedTest
    @ValueSource(strings = {"UniqueName=lost", "UnusedRoomTimeout=7"})
    void aCreateThatIsRepeatedAfterAServerFaultLeavesOneRoom(String form) {
        int before = server.rooms.all().size();
        server.rooms.loseAnswers(2);
        assertFails(post("/v1/Rooms", form), 500, 20500);
        assertFails(post("/v1/Rooms", form), 500, 20500);
        HttpResponse<String> repeated = post("/v1/Rooms", form);

        assertThat(repeated.statusCode()).isEqualTo(201);
        assertThat(server.rooms.all()).hasSize(before + 1);
        assertThat(json(get("/v1/Rooms/" + json(repeated).path("sid").asText())))
                .isEqualTo(json(repeated));
        // The repeat has its answer, so a further create is a create of its own.
        HttpResponse<String> further = post("/v1/Rooms", form);
        if (form.startsWith("UniqueName")) {
            assertFails(further, 400, 53113);
        } else {
            assertThat(json(further).path("sid")).isNotEqualTo(json(repeated).path("sid"));
        }
    }

    @Test
    void aBusyCreateCanBeRepeated() {
        server.rooms.refuse(RoomError.BUSY);
        assertFails(post("/v1/Rooms", "UniqueName=busy"), 503, 20503);
        server.rooms.refuse(null);

        assertThat(post("/v1/Rooms", "UniqueName=busy").statusCode()).isEqualTo(201);
        assertFails(post("/v1/Rooms", "UniqueName=busy"), 400, 53113);
    }

    @Test
    void anotherCreateDoesNotContinueALostOne() {
        server.rooms.loseAnswers(1);
        assertFails(post("/v1/Rooms", "UniqueName=lost+twice&LargeRoom=true"), 500, 20500);

        assertFails(post("/v1/Rooms", "UniqueName=lost+twice"), 400, 53113);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UniqueName=%FF | 53102",
                "UniqueName=RM00112233445566778899aabbccddeeff | 53100",
                "Type=Group | 53108",
                "MaxParticipants=0 | 53107",
                "MaxParticipants=501 | 53107",
                "MaxParticipants=many | 53107",
                "MaxParticipants=99999999999999999999 | 53107",
                "Type=go&MaxParticipants=3 | 53107",
                "Type=group-small&MaxParticipants=5 | 53107",
                "MaxParticipantDuration=599 | 53123",
                "MaxParticipantDuration=86401 | 53123",
                "EmptyRoomTimeout=0 | 53109",
                "UnusedRoomTimeout=61 | 53109",
                "UnusedRoomTimeout=1.5 | 53109",
                "StatusCallback=ftp://example.com | 53111",
                "StatusCallback=nonsense | 53111",
                "StatusCallback=%FF | 53111",
                "StatusCallback=https:///path | 53111",
                "StatusCallback=https://example.com:65536/ | 53111",
                "StatusCallback=%2Frelative | 53111",
                "StatusCallback=https://example.com/a+b | 53111",
                "StatusCallbackMethod=post | 53110",
                "StatusCallbackMethod=%FF | 53110",
                "StatusCallbackMethod=PUT | 53110",
                "MediaRegion=moon | 53115",
                "VideoCodecs=VP9 | 20001",
                "AudioOnly=perhaps | 20001",
                "AudioOnly=true&VideoCodecs=VP9 | 20001",
                "Type=go&AudioOnly=true | 53124",
                "Type=peer-to-peer&RecordParticipantsOnConnect=true | 53122",
                "Type=peer-to-peer&VideoCodecs=VP8 | 53114",
                "Type=go&MediaRegion=us1 | 53114",
                "RecordParticipantsOnConnect=true | 53122",
                "RecordingRules=[] | 53120",
                "RecordingRules=nonsense | 53120",
                "RecordingRules=%5B%7B%22type%22%3A%22include%22%2C%22kind%22%3A%22data%22%7D%5D | 53120",
                "RecordingRules=%5B%7B%22type%22%3A%22include%22%2C%22all%22%3Atrue%7D%5D | 53122",
                "Type=go&RecordingRules=%5B%7B%22type%22%3A%22exclude%22%2C%22all%22%3Atrue%7D%5D | 53122",
                "TranscribeParticipantsOnConnect=true | 20001"
            })
    void tellsTheCodeOfEveryBadParameter(String form, int code) {
        assertFails(post("/v1/Rooms", form), 400, code);
    }

    @Test
    void takesRecordingRulesThatRecordNothing() {
        String excludeAll = "%5B%7B%22type%22%3A%22exclude%22%2C%22all%22%3Atrue%7D%5D";
        JsonNode room = json(post("/v1/Rooms", "RecordingRules=" + excludeAll));

        assertThat(stored(room)).containsExactly(TrackRule.EXCLUDE_ALL);
        assertThat(post("/v1/Rooms", "RecordParticipantsOnConnect=true&RecordingRules=" + excludeAll)
                        .statusCode())
                .as("the rules take back what is recorded on connect")
                .isEqualTo(201);
    }

    private static List<TrackRule> stored(JsonNode room) {
        return server.rooms.all().stream()
                .filter(each -> each.sid().value().equals(room.path("sid").asText()))
                .findFirst()
                .orElseThrow()
                .properties()
                .recordingRules();
    }

    @Test
    void takesRecordingWhereItIsSimulated() {
        try (GatewayFixture simulating = GatewayFixture.start("rotunda.rooms.simulate-recording = on")) {
            HttpResponse<String> created = send(HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + simulating.address().getPort() + "/v1/Rooms"))
                    .header("Authorization", GOOD)
                    .header("Content-Type", FORM)
                    .POST(HttpRequest.BodyPublishers.ofString("RecordParticipantsOnConnect=true")));

            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(json(created).path("record_participants_on_connect").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void refusesLongNamesAndCallbacks() {
        assertFails(post("/v1/Rooms", "UniqueName=" + "x".repeat(129)), 400, 53101);
        assertFails(post("/v1/Rooms", "StatusCallback=http://a.com/" + "x".repeat(1012)), 400, 53111);
    }

    @Test
    void refusesBodiesThatAreNoForms() {
        assertFails(
                send(request("/v1/Rooms")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))),
                400,
                20001);
        assertFails(post("/v1/Rooms", "UniqueName=" + "x".repeat(300_000)), 413, 20413);
    }
}
