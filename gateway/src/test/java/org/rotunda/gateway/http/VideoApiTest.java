package org.rotunda.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.AccountSid;
import org.rotunda.room.ParticipantSid;
import org.rotunda.room.ParticipantStatus;
import org.rotunda.room.ParticipantView;
import org.rotunda.room.ParticipantViews;
import org.rotunda.room.RoomCommand;
import org.rotunda.room.RoomError;
import org.rotunda.room.RoomRefusal;
import org.rotunda.room.RoomStatus;
import org.rotunda.room.RoomView;

/** The REST API over HTTP, byte for byte. */
class VideoApiTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Random RANDOM = new Random(3);
    private static final String GOOD = basic(GatewayFixture.ACCOUNT.value(), GatewayFixture.AUTH_TOKEN);
    private static final String FORM = "application/x-www-form-urlencoded; charset=UTF-8";
    private static GatewayFixture server;

    @BeforeAll
    static void start() {
        server = GatewayFixture.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void roomsAnswer() {
        server.rooms.refuse(null);
    }

    // --- asking ---------------------------------------------------------------------------------------------------

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .header("Authorization", GOOD);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> get(String path) {
        return send(request(path));
    }

    private static HttpResponse<String> post(String path, String form) {
        return send(request(path).header("Content-Type", FORM).POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        return json(response.body());
    }

    private static String base() {
        return "http://127.0.0.1:" + server.address().getPort();
    }

    private static void shouldFail(HttpResponse<String> response, int status, int code) {
        JsonNode error = json(response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(error.path("status").asInt()).isEqualTo(status);
        assertThat(error.path("code").asInt()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(error.path("more_info").asText()).endsWith("/" + code);
        assertThat(error.size()).isEqualTo(4);
        shouldAllowPagesOfOtherOrigins(response);
    }

    private static void shouldAllowPagesOfOtherOrigins(HttpResponse<?> response) {
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(response.headers().firstValue("Access-Control-Allow-Headers"))
                .contains("Authorization, Content-Type");
        assertThat(response.headers().firstValue("Access-Control-Allow-Methods"))
                .contains("GET, POST, DELETE, OPTIONS");
    }

    private static RoomView newRoom(String name, Instant created) {
        return server.rooms.put(server.rooms.room(GatewayFixture.ACCOUNT, name, created));
    }

    private static RoomView completed(String name) {
        RoomView room = server.rooms.room(GatewayFixture.ACCOUNT, name, Instant.parse("2024-03-01T10:00:00.900Z"));
        return server.rooms.put(new RoomView(
                room.sid(),
                room.account(),
                room.uniqueName(),
                RoomStatus.COMPLETED,
                room.properties(),
                room.createdAt(),
                Instant.parse("2024-03-01T10:01:40Z"),
                Instant.parse("2024-03-01T10:01:40.100Z")));
    }

    private static ParticipantView participant(
            RoomView room, String identity, ParticipantStatus status, @Nullable Instant ended) {
        Instant started = Instant.parse("2024-03-01T10:01:00Z");
        return new ParticipantView(
                ParticipantSid.random(RANDOM), room.sid(), room.account(), identity, status, started, started, ended);
    }

    // --- authentication -------------------------------------------------------------------------------------------

    @Test
    void shouldAskForCredentials() {
        HttpResponse<String> none = send(HttpRequest.newBuilder(URI.create(base() + "/v1/Rooms")));
        shouldFail(none, 401, 20003);
        assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"Twilio API\"");

        for (String wrong : List.of(basic(GatewayFixture.ACCOUNT.value(), "no"), "Bearer x", "Basic ???", "nonsense")) {
            shouldFail(
                    send(HttpRequest.newBuilder(URI.create(base() + "/v1/Rooms"))
                            .header("Authorization", wrong)),
                    401,
                    20003);
        }
    }

    @Test
    void shouldOpenForKeys() {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(base() + "/v1/Rooms"))
                .header("Authorization", basic(GatewayFixture.KEY, GatewayFixture.KEY_SECRET)));

        assertThat(response.statusCode()).isEqualTo(200);
    }

    // --- create ---------------------------------------------------------------------------------------------------

    @Test
    void shouldCreateARoomInExactlyTheCanonicalForm() {
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
                          "transcriptions":"BASE/v1/Rooms/SID/Transcriptions"}}""".replace("SID", sid).replace("BASE", base())));
        assertThat(response.headers().firstValue("Twilio-Request-Id").orElse(""))
                .matches("RQ[0-9a-f]{32}");
        shouldAllowPagesOfOtherOrigins(response);

        shouldFail(post("/v1/Rooms", "UniqueName=standup"), 400, 53113);
    }

    @Test
    void shouldTakeEveryParameter() {
        JsonNode room = json(post(
                "/v1/Rooms/",
                "UniqueName=Daily+%C3%9Cbung%2F1&Type=group&MaxParticipants=51&MaxParticipantDuration=600&EmptyRoomTimeout=60"
                        + "&UnusedRoomTimeout=1&RecordParticipantsOnConnect=False&VideoCodecs=H264&MediaRegion=de1&LargeRoom=true"
                        + "&StatusCallbackMethod=GET&EnableTurn=false&New=1"));

        assertThat(room.path("unique_name").asText()).isEqualTo("Daily Übung/1");
        assertThat(room.path("max_participants").asInt()).isEqualTo(51);
        assertThat(room.path("max_participant_duration").asInt()).isEqualTo(600);
        assertThat(room.path("empty_room_timeout").asInt()).isEqualTo(60);
        assertThat(room.path("unused_room_timeout").asInt()).isEqualTo(1);
        assertThat(room.path("record_participants_on_connect").asBoolean()).isFalse();
        assertThat(room.path("video_codecs").toString()).isEqualTo("[\"H264\"]");
        assertThat(room.path("media_region").asText()).isEqualTo("de1");
        assertThat(room.path("max_concurrent_published_tracks").asInt()).isEqualTo(16);
        assertThat(room.path("status_callback_method").asText()).isEqualTo("GET");
        assertThat(get("/v1/Rooms/Daily%20%C3%9Cbung%2F1").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldTakeMultipartFormsListsAndEmptyBodies() {
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
                "StatusCallbackMethod=PUT | 53110",
                "MediaRegion=moon | 53115",
                "VideoCodecs=VP9 | 20001",
                "AudioOnly=perhaps | 20001",
                "Type=go&AudioOnly=true | 53124",
                "Type=peer-to-peer&RecordParticipantsOnConnect=true | 53122",
                "Type=peer-to-peer&VideoCodecs=VP8 | 53114",
                "Type=go&MediaRegion=us1 | 53114",
                "Type=go | 53126",
                "Type=peer-to-peer | 53126",
                "RecordParticipantsOnConnect=true | 53122",
                "RecordingRules=[] | 53122",
                "TranscribeParticipantsOnConnect=true | 20001",
                "StatusCallback=https://example.com/cb | 20001"
            })
    void shouldTellTheCodeOfEveryBadParameter(String form, int code) {
        shouldFail(post("/v1/Rooms", form), 400, code);
    }

    @Test
    void shouldRefuseLongNamesAndCallbacks() {
        shouldFail(post("/v1/Rooms", "UniqueName=" + "x".repeat(129)), 400, 53101);
        shouldFail(post("/v1/Rooms", "StatusCallback=http://a.com/" + "x".repeat(1012)), 400, 53111);
    }

    @Test
    void shouldRefuseBodiesThatAreNoForms() {
        shouldFail(
                send(request("/v1/Rooms")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))),
                400,
                20001);
        shouldFail(post("/v1/Rooms", "UniqueName=" + "x".repeat(300_000)), 413, 20413);
    }

    // --- fetch, complete, list ------------------------------------------------------------------------------------

    @Test
    void shouldFetchByNameAndSidAndHideOthers() {
        RoomView room = newRoom("fetch me", Instant.parse("2024-03-01T10:00:00Z"));
        RoomView other = server.rooms.put(server.rooms.room(
                new AccountSid("AC00000000000000000000000000000002"), "", Instant.parse("2024-03-01T10:00:00Z")));

        assertThat(json(get("/v1/Rooms/fetch%20me")).path("sid").asText())
                .isEqualTo(room.sid().value());
        assertThat(json(get("/v1/Rooms/" + room.sid() + "/"))
                        .path("unique_name")
                        .asText())
                .isEqualTo("fetch me");
        shouldFail(get("/v1/Rooms/" + other.sid()), 404, 20404);
        HttpResponse<String> missing = get("/v1/Rooms/RM71");
        shouldFail(missing, 404, 20404);
        assertThat(json(missing).path("message").asText())
                .isEqualTo("The requested resource /Rooms/RM71 was not found");
    }

    @Test
    void shouldShowACompletedRoom() {
        JsonNode room = json(get("/v1/Rooms/" + completed("over").sid()));

        assertThat(room.path("status").asText()).isEqualTo("completed");
        assertThat(room.path("end_time").asText()).isEqualTo("2024-03-01T10:01:40Z");
        assertThat(room.path("duration").asInt()).isEqualTo(100);
    }

    @Test
    void shouldComplete() {
        RoomView room = newRoom("to complete", Instant.parse("2024-03-01T10:00:00Z"));
        var answer = CLIENT.sendAsync(
                request("/v1/Rooms/" + room.sid())
                        .header("Content-Type", FORM)
                        .POST(HttpRequest.BodyPublishers.ofString("Status=completed"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        server.room
                .expectMessageClass(RoomCommand.Complete.class)
                .replyTo()
                .tell(StatusReply.success(completed("to complete")));
        HttpResponse<String> response = GatewayFixture.await(answer);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).path("status").asText()).isEqualTo("completed");
    }

    @Test
    void shouldRefuseOtherUpdatesOfRooms() {
        RoomView room = newRoom("not to complete", Instant.parse("2024-03-01T10:00:00Z"));
        shouldFail(post("/v1/Rooms/" + room.sid(), ""), 400, 20001);
        shouldFail(post("/v1/Rooms/" + room.sid(), "Status=in-progress"), 400, 53112);

        var answer = CLIENT.sendAsync(
                request("/v1/Rooms/" + room.sid())
                        .header("Content-Type", FORM)
                        .POST(HttpRequest.BodyPublishers.ofString("Status=completed"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        server.room
                .expectMessageClass(RoomCommand.Complete.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_STATUS_INVALID)));
        shouldFail(GatewayFixture.await(answer), 400, 53112);
    }

    @Test
    void shouldSayWhatARoomMeansThatCannotNow() {
        server.rooms.refuse(RoomError.BUSY);
        HttpResponse<String> response = get("/v1/Rooms/x");

        shouldFail(response, 503, 20503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void shouldPageThroughRoomsByLinks() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(
                    0,
                    newRoom("paged", Instant.parse("2023-01-01T00:00:00.5Z").plusMillis(i))
                            .sid()
                            .value());
        }
        List<String> seen = new ArrayList<>();
        String next = base() + "/v1/Rooms?UniqueName=paged&PageSize=2&DateCreatedBefore=2024-01-01T00:00:00Z";
        int pages = 0;
        while (next != null) {
            JsonNode list = json(send(HttpRequest.newBuilder(URI.create(next)).header("Authorization", GOOD)));
            list.path("rooms").forEach(room -> seen.add(room.path("sid").asText()));
            JsonNode meta = list.path("meta");
            assertThat(meta.path("key").asText()).isEqualTo("rooms");
            assertThat(meta.path("page").asInt()).isEqualTo(pages);
            assertThat(meta.path("page_size").asInt()).isEqualTo(2);
            assertThat(meta.path("first_page_url").asText())
                    .isEqualTo(
                            base()
                                    + "/v1/Rooms?UniqueName=paged&DateCreatedBefore=2024-01-01T00%3A00%3A00Z&PageSize=2&Page=0");
            assertThat(meta.has("previous_page_url")).isTrue();
            assertThat(meta.path("previous_page_url").isNull()).isEqualTo(pages == 0);
            assertThat(meta.path("url").asText()).contains("&Page=" + pages);
            next = meta.path("next_page_url").isNull()
                    ? null
                    : meta.path("next_page_url").asText();
            pages++;
        }
        assertThat(pages).isEqualTo(3);
        assertThat(seen).isEqualTo(made);
    }

    @Test
    void shouldClampPagesAndRefuseNonsense() {
        assertThat(json(get("/v1/Rooms?PageSize=2500"))
                        .path("meta")
                        .path("page_size")
                        .asInt())
                .isEqualTo(1000);
        shouldFail(get("/v1/Rooms?PageSize=0"), 400, 20001);
        shouldFail(get("/v1/Rooms?PageSize=x"), 400, 20001);
        shouldFail(get("/v1/Rooms?Page=-1"), 400, 20001);
        shouldFail(get("/v1/Rooms?PageToken=nonsense"), 400, 21481);
        shouldFail(get("/v1/Rooms?PageToken=PTAAAA"), 400, 21481);
        shouldFail(get("/v1/Rooms?Status=sleeping"), 400, 20001);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-01",
                "2024-01-01T00:00:00Z",
                "2024-01-01T00:00:00",
                "2024-01-01T00:00%2B02:00",
                "2024-01-01T00:00+02:00",
                "2024-01-01T00:00Z%5BUTC%5D",
                "2024-01-01T10:20:30.123456789%2B01:00%5BEurope%2FParis%5D"
            })
    void shouldTakeDatesOfAllClients(String date) {
        newRoom("before all dates", Instant.parse("2023-12-01T00:00:00Z"));
        RoomView after = newRoom("after all dates", Instant.parse("2024-01-02T00:00:00Z"));

        JsonNode list = json(get("/v1/Rooms?PageSize=1000&DateCreatedAfter=" + date));

        assertThat(list.path("rooms").findValuesAsText("unique_name"))
                .contains(after.uniqueName())
                .doesNotContain("before all dates");
        shouldFail(get("/v1/Rooms?DateCreatedAfter=yesterday"), 400, 20001);
    }

    // --- participants ---------------------------------------------------------------------------------------------

    @Test
    void shouldListThoseWhoAreThereFromTheRoomItself() {
        RoomView room = newRoom("with participants", Instant.parse("2024-03-01T10:00:00Z"));
        ParticipantView alice = participant(room, "alice", ParticipantStatus.CONNECTED, null);
        ParticipantView bob = participant(room, "bob", ParticipantStatus.RECONNECTING, null);
        var answer = CLIENT.sendAsync(
                request("/v1/Rooms/with%20participants/Participants/").build(), HttpResponse.BodyHandlers.ofString());
        server.room
                .expectMessageClass(RoomCommand.ListParticipants.class)
                .replyTo()
                .tell(StatusReply.success(new ParticipantViews(List.of(alice, bob))));
        JsonNode list = json(GatewayFixture.await(answer));

        assertThat(list.path("participants").findValuesAsText("identity")).containsExactlyInAnyOrder("alice", "bob");
        assertThat(list.path("meta").path("url").asText())
                .startsWith(base() + "/v1/Rooms/" + room.sid() + "/Participants?PageSize=50");

        var filtered = CLIENT.sendAsync(
                request("/v1/Rooms/" + room.sid() + "/Participants?Status=connected&Identity=alice&PageSize=1")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        server.room
                .expectMessageClass(RoomCommand.ListParticipants.class)
                .replyTo()
                .tell(StatusReply.success(new ParticipantViews(List.of(alice, bob))));
        assertThat(json(GatewayFixture.await(filtered))
                        .path("participants")
                        .path(0)
                        .toString())
                .isEqualTo(json("""
                        {"sid":"SID","room_sid":"ROOM","account_sid":"AC00000000000000000000000000000001","status":"connected",
                         "identity":"alice","date_created":"2024-03-01T10:01:00Z","date_updated":"2024-03-01T10:01:00Z",
                         "start_time":"2024-03-01T10:01:00Z","end_time":null,"duration":null,
                         "url":"BASE/v1/Rooms/ROOM/Participants/SID",
                         "links":{"published_tracks":"BASE/v1/Rooms/ROOM/Participants/SID/PublishedTracks",
                          "subscribed_tracks":"BASE/v1/Rooms/ROOM/Participants/SID/SubscribedTracks",
                          "subscribe_rules":"BASE/v1/Rooms/ROOM/Participants/SID/SubscribeRules",
                          "anonymize":"BASE/v1/Rooms/ROOM/Participants/SID/Anonymize"}}""".replace("SID", alice.sid().value())
                                .replace("ROOM", room.sid().value())
                                .replace("BASE", base()))
                        .toString());
    }

    @Test
    void shouldListThoseWhoLeftFromTheTables() {
        RoomView room = completed("with the departed");
        server.rooms.put(
                participant(room, "carol", ParticipantStatus.DISCONNECTED, Instant.parse("2024-03-01T10:01:30Z")));

        for (String query : List.of("", "?Status=connected", "?Identity=carol")) {
            JsonNode list = json(get("/v1/Rooms/" + room.sid() + "/Participants" + query));
            assertThat(list.path("participants").path(0).path("duration").asInt())
                    .isEqualTo(30);
        }
    }

    @Test
    void shouldFetchAndRemoveParticipants() {
        RoomView room = newRoom("to remove from", Instant.parse("2024-03-01T10:00:00Z"));
        ParticipantView alice = participant(room, "alice@example.com", ParticipantStatus.CONNECTED, null);
        var fetched = CLIENT.sendAsync(
                request("/v1/Rooms/" + room.sid() + "/Participants/alice%40example.com")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        RoomCommand.FetchParticipant fetch = server.room.expectMessageClass(RoomCommand.FetchParticipant.class);
        assertThat(fetch.sidOrIdentity()).isEqualTo("alice@example.com");
        fetch.replyTo().tell(StatusReply.success(alice));
        assertThat(json(GatewayFixture.await(fetched)).path("sid").asText())
                .isEqualTo(alice.sid().value());

        var removed = CLIENT.sendAsync(
                request("/v1/Rooms/" + room.sid() + "/Participants/" + alice.sid())
                        .header("Content-Type", FORM)
                        .POST(HttpRequest.BodyPublishers.ofString("Status=disconnected"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        server.room
                .expectMessageClass(RoomCommand.RemoveParticipant.class)
                .replyTo()
                .tell(StatusReply.success(participant(
                        room, "alice", ParticipantStatus.DISCONNECTED, Instant.parse("2024-03-01T10:02:00Z"))));
        HttpResponse<String> response = GatewayFixture.await(removed);
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).path("status").asText()).isEqualTo("disconnected");

        shouldFail(post("/v1/Rooms/" + room.sid() + "/Participants/" + alice.sid(), "Status=connected"), 400, 53209);
        shouldFail(post("/v1/Rooms/" + room.sid() + "/Participants/" + alice.sid(), ""), 400, 20001);
    }

    @Test
    void shouldFindTheDepartedBySidOnly() {
        RoomView room = newRoom("left alone", Instant.parse("2024-03-01T10:00:00Z"));
        ParticipantView gone =
                participant(room, "dave", ParticipantStatus.DISCONNECTED, Instant.parse("2024-03-01T10:01:30Z"));
        server.rooms.put(gone);
        for (String who : List.of(gone.sid().value(), "dave")) {
            var answer = CLIENT.sendAsync(
                    request("/v1/Rooms/" + room.sid() + "/Participants/" + who).build(),
                    HttpResponse.BodyHandlers.ofString());
            server.room
                    .expectMessageClass(RoomCommand.FetchParticipant.class)
                    .replyTo()
                    .tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
            assertThat(GatewayFixture.await(answer).statusCode()).isEqualTo(who.equals("dave") ? 404 : 200);
        }
    }

    // --- protocol -------------------------------------------------------------------------------------------------

    @Test
    void shouldRefuseOtherMethods() {
        shouldFail(send(request("/v1/Rooms").DELETE()), 405, 20004);
        shouldFail(send(request("/v1/Rooms/x").PUT(HttpRequest.BodyPublishers.ofString("a=b"))), 405, 20004);
        shouldFail(post("/v1/Rooms/x/Participants", "a=b"), 405, 20004);
        shouldFail(send(request("/").DELETE()), 405, 20004);
    }

    @Test
    void shouldAnswerHeadLikeGetWithoutBody() {
        HttpResponse<String> response = send(request("/v1/Rooms").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/Rooms/x/Recordings",
                "/v1/Rooms/x/RecordingRules",
                "/v1/Rooms/x/Transcriptions",
                "/v1/Rooms/x/Participants/y/PublishedTracks",
                "/v1/Rooms/x/Participants/y/SubscribeRules",
                "/v1/Recordings",
                "/v1/Compositions",
                "/v1/CompositionHooks/HK1",
                "/v1/RecordingSettings/Default",
                "/v1/Video/Rooms",
                "/2010-04-01/Accounts/AC1/Keys.json"
            })
    void shouldSayThatAResourceIsNotAvailableInThisVersion(String path) {
        HttpResponse<String> response = get(path);

        shouldFail(response, 404, 20404);
        assertThat(json(response).path("message").asText()).endsWith("is not available in this version");
    }

    @Test
    void shouldNotFindOtherPaths() {
        for (String path :
                List.of("/v1", "/v1/Dreams", "/v1/rooms", "/v1/Rooms/x/Dreams", "/v2/Rooms", "/assets/../x")) {
            shouldFail(get(path), 404, 20404);
        }
    }

    @Test
    void shouldAnswerPreflightsOnEveryPathWithoutAuthentication() {
        for (String path : List.of("/v1/Rooms", "/v1/Nothing", "/", "/signaling", "/elsewhere")) {
            HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(base() + path))
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).isEqualTo(204);
            shouldAllowPagesOfOtherOrigins(response);
        }
    }

    @Test
    void shouldAnswerMalformedRequestsInTheSameForm() throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /v1/Rooms/%zz HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(response)
                    .startsWith("HTTP/1.1 400")
                    .contains("\"code\":20001", "Access-Control-Allow-Origin: *");
        }
    }

    @Test
    void shouldDeriveLinksFromWhatAProxyTells() {
        RoomView room = newRoom("behind a proxy", Instant.parse("2024-03-01T10:00:00Z"));
        JsonNode json = json(send(request("/v1/Rooms/" + room.sid())
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "video.example.com, inner")));
        assertThat(json.path("url").asText()).isEqualTo("https://video.example.com/v1/Rooms/" + room.sid());

        JsonNode odd = json(send(request("/v1/Rooms/" + room.sid()).header("X-Forwarded-Host", "a\"b")));
        assertThat(odd.path("url").asText()).startsWith(base());
    }

    @Test
    void shouldHandOutTokensForDevelopment() {
        HttpResponse<String> response =
                send(HttpRequest.newBuilder(URI.create(base() + "/dev/token?identity=alice&room=daily")));

        assertThat(json(response).path("token").asText().split("\\.")).hasSize(3);
        shouldFail(send(HttpRequest.newBuilder(URI.create(base() + "/dev/token"))), 400, 20001);
    }

    @Test
    void shouldKeepTokensToItselfOtherwise() {
        try (GatewayFixture production = GatewayFixture.start("rotunda.http.dev-token = off")) {
            HttpResponse<String> response = send(HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + production.address().getPort() + "/dev/token?identity=alice")));
            shouldFail(response, 404, 20404);
        }
    }

    @Test
    void shouldUseTheConfiguredAddressInLinks() {
        try (GatewayFixture configured =
                GatewayFixture.start("rotunda.http.public-url = \"https://video.example.com/\"")) {
            configured.rooms.put(
                    configured.rooms.room(GatewayFixture.ACCOUNT, "x", Instant.parse("2024-03-01T10:00:00Z")));
            JsonNode json = json(send(HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + configured.address().getPort() + "/v1/Rooms/x"))
                    .header("Authorization", GOOD)));
            assertThat(json.path("url").asText()).startsWith("https://video.example.com/v1/Rooms/RM");
        }
    }

    @Test
    void shouldAskForAWebSocketOnSignaling() {
        shouldFail(get("/signaling"), 426, 20001);
    }

    @Test
    void shouldCountRequests() {
        long before = server.gateway.statistics().snapshot().restRequests();
        get("/v1/Rooms");

        assertThat(server.gateway.statistics().snapshot().restRequests()).isEqualTo(before + 1);
    }
}
