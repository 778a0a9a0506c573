package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.protocol.TrackView;
import org.rotunda.room.protocol.TrackViews;

/** Tests the lists of published and of received tracks over REST. Compares single tracks byte for byte. */
class TrackResourceTest extends HttpFixture {
    private static final Instant CREATED = Instant.parse("2024-03-01T10:02:00.5Z");
    private static final ParticipantSid ALICE = ParticipantSid.random(RANDOM);
    private static final ParticipantSid BOB = ParticipantSid.random(RANDOM);
    private static final TrackView CAM = track("my cam", null);

    @Test
    void listsPublishedTracks() {
        RoomView room = newRoom("published", CREATED);
        JsonNode list = json(answered(
                "/v1/Rooms/published/Participants/bob/PublishedTracks",
                new TrackViews(BOB, List.of(CAM, track("muted", CREATED.plusSeconds(9))))));

        assertThat(list.path("published_tracks").findValuesAsText("name")).containsExactlyInAnyOrder("my cam", "muted");
        assertThat(list.path("published_tracks").findValuesAsText("date_updated"))
                .containsExactlyInAnyOrder("null", "2024-03-01T10:02:09Z");
        assertThat(list.path("meta").path("key").asText()).isEqualTo("published_tracks");
        assertThat(list.path("meta").path("url").asText())
                .isEqualTo(base() + "/v1/Rooms/" + room.sid() + "/Participants/" + BOB
                        + "/PublishedTracks?PageSize=50&Page=0");
    }

    @Test
    void fetchesAPublishedTrackByNameOrSid() {
        RoomView room = newRoom("one track", CREATED);
        String path = "/v1/Rooms/one%20track/Participants/bob/PublishedTracks/";
        String expected = ("{'sid':'" + CAM.sid() + "','participant_sid':'" + BOB + "','room_sid':'" + room.sid()
                        + "','name':'my cam','date_created':'2024-03-01T10:02:00Z','date_updated':null,'enabled':true,"
                        + "'kind':'video','url':'" + base() + "/v1/Rooms/" + room.sid() + "/Participants/" + BOB
                        + "/PublishedTracks/" + CAM.sid() + "'}")
                .replace('\'', '"');

        for (String which : List.of("my%20cam", CAM.sid().value())) {
            HttpResponse<String> response = answered(path + which, new TrackViews(BOB, List.of(CAM)));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(expected);
        }
        assertFails(answered(path + "My%20cam", new TrackViews(BOB, List.of(CAM))), 404, 20404);
    }

    @Test
    void fetchesAReceivedTrackBySidAlone() {
        newRoom("received", CREATED);
        String path = "/v1/Rooms/received/Participants/alice/SubscribedTracks";
        TrackViews received = new TrackViews(ALICE, List.of(CAM));

        JsonNode track = json(answered(path + "/" + CAM.sid(), received));
        assertThat(track.path("participant_sid").asText()).isEqualTo(ALICE.value());
        assertThat(track.path("publisher_sid").asText()).isEqualTo(BOB.value());
        assertThat(track.path("url").asText()).endsWith("/Participants/" + ALICE + "/SubscribedTracks/" + CAM.sid());
        assertFails(answered(path + "/my%20cam", received), 404, 20404);
        assertThat(json(answered(path, received)).path("subscribed_tracks")).hasSize(1);
    }

    @Test
    void leadsThroughAllPages() {
        newRoom("many tracks", CREATED);
        List<TrackView> tracks = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            tracks.add(track("t" + i, null)); // All have the same time, so their SIDs order them.
        }
        List<String> seen = new ArrayList<>();
        String next = "/v1/Rooms/many%20tracks/Participants/bob/PublishedTracks?PageSize=3";
        int pages = 0;
        while (next != null) {
            JsonNode page = json(answered(next, new TrackViews(BOB, tracks)));
            page.path("published_tracks")
                    .forEach(track -> seen.add(track.path("name").asText()));
            JsonNode url = page.path("meta").path("next_page_url");
            next = url.isNull() ? null : url.asText().substring(base().length());
            pages++;
        }

        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(7).doesNotHaveDuplicates();
        assertFails(get("/v1/Rooms/many%20tracks/Participants/bob/PublishedTracks?PageToken=x"), 400, 21481);
        assertFails(get("/v1/Rooms/many%20tracks/Participants/bob/PublishedTracks?PageSize=0"), 400, 20001);
    }

    @Test
    void aParticipantWhoHasLeftHasNoTracks() {
        RoomView room = newRoom("left", CREATED);
        ParticipantView gone = participant(room, "alice", ParticipantStatus.DISCONNECTED, CREATED);
        server.rooms.put(gone);
        String path = "/v1/Rooms/left/Participants/" + gone.sid() + "/PublishedTracks";
        var answer = sendLater(request(path));
        refuse(RoomCommand.ListTracks.class);
        refuse(RoomCommand.FetchParticipant.class);

        assertThat(json(GatewayFixture.await(answer)).path("published_tracks")).isEmpty();

        RoomView over = completed("over");
        ParticipantView last = participant(over, "bob", ParticipantStatus.DISCONNECTED, CREATED);
        server.rooms.put(last);
        String base = "/v1/Rooms/" + over.sid() + "/Participants/";
        assertThat(json(get(base + last.sid() + "/SubscribedTracks")).path("subscribed_tracks"))
                .isEmpty();
        assertFails(get(base + last.sid() + "/SubscribedTracks/" + CAM.sid()), 404, 20404);
        assertFails(get(base + BOB + "/SubscribedTracks"), 404, 20404);
    }

    @Test
    void aRoomWithoutAMediaServerHasNeitherSubscribedTracksNorAllocations() {
        RoomView plain = server.rooms.room(GatewayFixture.ACCOUNT, "mesh of tracks", CREATED);
        RoomProperties p = plain.properties();
        server.rooms.put(new RoomView(
                plain.sid(),
                plain.account(),
                plain.uniqueName(),
                plain.status(),
                new RoomProperties(
                        RoomType.GO,
                        2,
                        p.maxParticipantDurationSeconds(),
                        5,
                        5,
                        false,
                        List.of(),
                        "",
                        false,
                        false,
                        null,
                        "POST"),
                CREATED,
                CREATED,
                null));

        assertFails(get("/v1/Rooms/mesh%20of%20tracks/Participants/bob/SubscribedTracks"), 400, 53117);
        assertFails(get("/v1/Rooms/mesh%20of%20tracks/Participants/bob/Allocation"), 400, 53117);
    }

    private static TrackView track(String name, @Nullable Instant updated) {
        return new TrackView(TrackSid.random(RANDOM), BOB, name, TrackKind.VIDEO, true, CREATED, updated);
    }

    /** Sends a GET request and answers for the room. */
    private static HttpResponse<String> answered(String path, TrackViews tracks) {
        CompletableFuture<HttpResponse<String>> response = sendLater(request(path));
        RoomCommand.ListTracks list = server.room.expectMessageClass(RoomCommand.ListTracks.class);
        assertThat(list.subscribed()).isEqualTo(path.contains("Subscribed"));
        list.replyTo().tell(StatusReply.success(tracks));
        return GatewayFixture.await(response);
    }

    private static <T extends RoomCommand.Request<?>> void refuse(Class<T> type) {
        server.room
                .expectMessageClass(type)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
    }
}
