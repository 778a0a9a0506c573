package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.testkit.AccountSteps;
import org.rotunda.gateway.testkit.FakeRooms;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.room.protocol.AccountStore.AccountRow;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;

/** Tests the default room settings of an account: their resource, and their effect on creates and connects. */
class RoomSettingsResourceTest extends AccountSteps {
    private static final String PATH = "/v1/RoomSettings/Default";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Login account = PARENT;
    private Login key = PARENT;

    @BeforeEach
    void newAccount() {
        account = newSubaccount("settings");
        key = newKey(account);
    }

    private JsonNode settings(String form) {
        return answer(200, post(key, PATH, form));
    }

    private JsonNode room(String form) {
        return answer(201, post(account, "/v1/Rooms", form));
    }

    /** Lets a client connect to a room that does not exist, and returns the properties of the new room. */
    private RoomProperties adHoc() {
        connect("new");
        RoomCommand.Connect connect = server.room.expectMessageClass(RoomCommand.Connect.class, PATIENCE);
        assertThat(connect.account().value()).isEqualTo(account.user());
        return server.rooms.all().stream()
                .filter(room -> room.account().value().equals(account.user()))
                .findFirst()
                .orElseThrow()
                .properties();
    }

    private SignalingClient connect(@Nullable String name) {
        String token = GatewayFixture.token(account.user(), key.user(), key.password(), "alice", null);
        ObjectNode connect = Samples.get("rsp", "connect_default_audio_video").deepCopy();
        connect.put("token", token).put("name", name);
        SignalingClient client = server.signaling()
                .send("{\"type\":\"hello\",\"version\":2,\"id\":\"1\",\"timeout\":5000,\"body\":" + connect + "}");
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        return client;
    }

    @Test
    void hasNoDefaultsAtFirst() {
        JsonNode settings = answer(200, get(key, PATH));

        assertThat(settings.path("account_sid").asText()).isEqualTo(account.user());
        assertThat(settings.path("url").asText()).isEqualTo(base() + PATH);
        assertThat(settings.properties())
                .filteredOn(field ->
                        !field.getKey().equals("account_sid") && !field.getKey().equals("url"))
                .hasSize(12)
                .allSatisfy(field -> assertThat(field.getValue().isNull()).isTrue());
        assertThat(adHoc()).isEqualTo(FakeRooms.AD_HOC);
    }

    @Test
    void changesTheGivenDefaultsAndKeepsTheOthers() {
        settings("MaxParticipants=7&VideoCodecs=H264&AudioOnly=false");
        settings("EmptyRoomTimeout=9&UnusedRoomTimeout=8&VideoCodecs=");
        JsonNode settings = answer(200, get(key, PATH));

        assertThat(settings.path("max_participants").asInt()).isEqualTo(7);
        assertThat(settings.path("empty_room_timeout").asInt()).isEqualTo(9);
        assertThat(settings.path("unused_room_timeout").asInt()).isEqualTo(8);
        assertThat(settings.path("audio_only").asBoolean(true)).isFalse();
        assertThat(settings.path("video_codecs").isNull())
                .as("an empty value deletes")
                .isTrue();
    }

    @Test
    void createsTakeTheDefaultsForWhatTheyLeaveOut() {
        settings("MaxParticipants=7&VideoCodecs=H264&EmptyRoomTimeout=9&UnusedRoomTimeout=8"
                + "&MaxParticipantDuration=900&MediaRegion=de1");
        JsonNode room = room("UniqueName=defaults");

        assertThat(room.path("max_participants").asInt()).isEqualTo(7);
        assertThat(room.path("video_codecs").toString()).isEqualTo("[\"H264\"]");
        assertThat(room.path("empty_room_timeout").asInt()).isEqualTo(9);
        assertThat(room.path("unused_room_timeout").asInt()).isEqualTo(8);
        assertThat(room.path("max_participant_duration").asInt()).isEqualTo(900);
        assertThat(room.path("media_region").asText()).isEqualTo("de1");
        JsonNode own = room("UniqueName=own&MaxParticipants=3&VideoCodecs=VP8&EmptyRoomTimeout=1");
        assertThat(own.path("max_participants").asInt()).isEqualTo(3);
        assertThat(own.path("video_codecs").toString()).isEqualTo("[\"VP8\"]");
        assertThat(own.path("empty_room_timeout").asInt()).isEqualTo(1);
        assertThat(answer(201, post(PARENT, "/v1/Rooms", "UniqueName=of+parent"))
                        .path("max_participants")
                        .asInt())
                .as("another account")
                .isEqualTo(50);
    }

    @Test
    void aCreateWithAnotherTypeTakesNoDefaultsOfTheType() {
        settings("MaxParticipants=30&MediaRegion=de1&EmptyRoomTimeout=9");
        JsonNode room = room("UniqueName=small&Type=group-small");

        assertThat(room.path("max_participants").asInt()).isEqualTo(4);
        assertThat(room.path("media_region").asText()).isEqualTo("us1");
        assertThat(room.path("empty_room_timeout").asInt()).isEqualTo(9);
        assertThat(room("UniqueName=group&Type=group").path("max_participants").asInt())
                .isEqualTo(30);
    }

    @Test
    void connectsCreateRoomsWithTheDefaults() {
        settings(
                "MaxParticipants=7&VideoCodecs=H264&EmptyRoomTimeout=9&UnusedRoomTimeout=8&MaxParticipantDuration=900");
        RoomProperties properties = adHoc();

        assertThat(properties.participantsMax()).isEqualTo(7);
        assertThat(properties.videoCodecs()).containsExactly(VideoCodec.H264);
        assertThat(properties.maxParticipantDurationSeconds()).isEqualTo(900);
        assertThat(properties.emptyRoomTimeoutMinutes())
                .as("such a room ends with its last participant")
                .isZero();
        assertThat(properties.unusedRoomTimeoutMinutes()).isZero();
    }

    @Test
    void connectsCreateRoomsOfTheDefaultType() {
        settings("Type=group-small");

        assertThat(adHoc().type()).isEqualTo(RoomType.GROUP_SMALL);
        assertThat(adHoc().participantsMax()).isEqualTo(4);
    }

    @Test
    void connectsCreateRoomsWithoutAMediaServer() {
        settings("Type=go");
        RoomProperties go = adHoc();

        assertThat(go.type()).isEqualTo(RoomType.GO);
        assertThat(go.participantsMax()).isEqualTo(2);
        assertThat(go.mediaRegion()).isEmpty();
        assertThat(room("UniqueName=mesh&Type=peer-to-peer")
                        .path("max_participants")
                        .asInt())
                .isEqualTo(10);
    }

    @Test
    void connectsCreateAudioOnlyRooms() {
        settings("AudioOnly=true&VideoCodecs=VP8");

        assertThat(adHoc().audioOnly()).isTrue();
        assertThat(adHoc().videoCodecs()).isEmpty();
    }

    @Test
    void noConnectCreatesARoomWhenThatIsSwitchedOff() {
        settings("ClientSideRoomCreation=false");

        JsonNode refusal = connect("absent").body("error");
        assertThat(refusal.path("code").asInt()).isEqualTo(53103);
        assertThat(connect(null).body("error").path("code").asInt())
                .as("without a name")
                .isEqualTo(53103);
        assertThat(connect(RoomSid.random(RANDOM).value())
                        .body("error")
                        .path("code")
                        .asInt())
                .as("a SID names an existing room")
                .isEqualTo(53106);
        room("UniqueName=present");
        connect("present");
        server.room.expectMessageClass(RoomCommand.Connect.class, PATIENCE);

        settings("ClientSideRoomCreation=true");
        assertThat(adHoc()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Type=party, 53108",
        "MaxParticipants=0, 53107",
        "MaxParticipants=501, 53107",
        "Type=group-small&MaxParticipants=5, 53107",
        "MaxParticipantDuration=1, 53123",
        "EmptyRoomTimeout=61, 53109",
        "UnusedRoomTimeout=0, 53109",
        "VideoCodecs=VP9, 20001",
        "MediaRegion=mars, 53115",
        "AudioOnly=perhaps, 20001",
        "Type=group-small&AudioOnly=true, 53124",
        "StatusCallback=nonsense, 53111",
        "StatusCallbackMethod=PUT, 53110",
        "ClientSideRoomCreation=perhaps, 20001"
    })
    void refusesDefaultsThatACreateWouldRefuse(String form, int code) {
        settings("MaxParticipants=3");
        assertFails(post(key, PATH, form), 400, code);
        assertThat(answer(200, get(key, PATH)).path("max_participants").asInt()).isEqualTo(3);
    }

    @Test
    void refusesToCreateARoomWithDefaultsThatTheNodeNoLongerAllows() {
        server.accountStore.put(server.accountStore.accounts().stream()
                .filter(row -> row.sid().value().equals(account.user()))
                .map(row -> new AccountRow(
                        row.sid(),
                        row.parent(),
                        row.friendlyName(),
                        row.status(),
                        row.primaryToken(),
                        row.secondaryToken(),
                        Map.of("MaxParticipants", "100000"),
                        row.createdAt(),
                        row.updatedAt()))
                .findFirst()
                .orElseThrow());
        newKey(account); // This node reads all changes with its own.

        assertThat(connect("absent").body("error").path("code").asInt()).isEqualTo(53103);
    }

    @Test
    void hasNoOtherMethods() {
        assertFails(delete(key, PATH), 405, 20004);
        assertFails(get(key, "/v1/RoomSettings"), 404, 20404);
    }
}
