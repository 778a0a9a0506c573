package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;

/** Tests that participants can be fetched, listed and removed over REST. Compares answers byte for byte. */
class ParticipantResourceTest extends HttpFixture {
    @Test
    void listsPresentParticipantsFromTheRoom() {
        RoomView room = newRoom("with participants", Instant.parse("2024-03-01T10:00:00Z"));
        ParticipantView alice = participant(room, "alice", ParticipantStatus.CONNECTED, null);
        ParticipantView bob = participant(room, "bob", ParticipantStatus.RECONNECTING, null);
        var answer = sendLater(request("/v1/Rooms/with%20participants/Participants/"));
        server.room
                .expectMessageClass(RoomCommand.ListParticipants.class)
                .replyTo()
                .tell(StatusReply.success(new ParticipantViews(List.of(alice, bob))));
        JsonNode list = json(GatewayFixture.await(answer));

        assertThat(list.path("participants").findValuesAsText("identity")).containsExactlyInAnyOrder("alice", "bob");
        assertThat(list.path("meta").path("url").asText())
                .startsWith(base() + "/v1/Rooms/" + room.sid() + "/Participants?PageSize=50");

        var filtered = sendLater(
                request("/v1/Rooms/" + room.sid() + "/Participants?Status=connected&Identity=alice&PageSize=1"));
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
                      "anonymize":"BASE/v1/Rooms/ROOM/Participants/SID/Anonymize"}}\
                    """.replace("SID", alice.sid().value())
                                .replace("ROOM", room.sid().value())
                                .replace("BASE", base()))
                        .toString());
    }

    @Test
    void listsParticipantsWhoLeftFromTheTables() {
        RoomView room = completed("with the departed");
        server.rooms.put(
                participant(room, "carol", ParticipantStatus.DISCONNECTED, Instant.parse("2024-03-01T10:01:30Z")));

        for (String query : List.of("", "?Status=connected", "?Identity=carol")) {
            JsonNode list = json(get("/v1/Rooms/" + room.sid() + "/Participants" + query));
            assertThat(list.path("participants").path(0).path("duration").asInt())
                    .isEqualTo(30);
        }
    }

    /**
     * The database may be late, so the API also asks the room. The answer lists each participant once, the newest
     * first.
     */
    @Test
    void listsParticipantsWhoLeftFromTheRoomAndTheTables() {
        RoomView open = newRoom("with some departed", Instant.parse("2024-03-01T10:00:00Z"));
        RoomView over = endedJustNow(newRoom("just over", Instant.parse("2024-03-01T10:00:00Z")));
        for (RoomView room : List.of(open, over)) {
            ParticipantView inTables = left(room, "carol", 1);
            ParticipantView inBoth = left(room, "dave", 2);
            ParticipantView inRoom = left(room, "erin", 3);
            server.rooms.put(inTables);
            server.rooms.put(inBoth);

            List<String> pages = new ArrayList<>();
            String next = "/v1/Rooms/" + room.sid() + "/Participants?Status=disconnected&PageSize=2";
            while (next.startsWith("/")) {
                var answer = sendLater(request(next));
                RoomCommand.ListParticipants asked = server.room.expectMessageClass(RoomCommand.ListParticipants.class);
                assertThat(asked.departed()).isTrue();
                asked.replyTo().tell(StatusReply.success(new ParticipantViews(List.of(inBoth, inRoom))));
                JsonNode page = json(GatewayFixture.await(answer));
                pages.add(String.join(" ", page.path("participants").findValuesAsText("identity")));
                next = page.path("meta").path("next_page_url").asText("").replace(base(), "");
            }

            assertThat(pages).containsExactly("erin dave", "carol");
        }
    }

    @Test
    void fetchesAParticipantOfARoomThatHasJustEndedFromTheRoom() {
        RoomView room = endedJustNow(newRoom("just ended", Instant.parse("2024-03-01T10:00:00Z")));
        ParticipantView gone = left(room, "frank", 1);
        for (boolean known : List.of(true, false)) {
            var answer = sendLater(request("/v1/Rooms/" + room.sid() + "/Participants/" + gone.sid()));
            server.room
                    .expectMessageClass(RoomCommand.FetchParticipant.class)
                    .replyTo()
                    .tell(
                            known
                                    ? StatusReply.success(gone)
                                    : StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
            assertThat(GatewayFixture.await(answer).statusCode()).isEqualTo(known ? 200 : 404);
        }
        // Frank has left, so only his SID finds him.
        assertFails(get("/v1/Rooms/" + room.sid() + "/Participants/frank"), 404, 20404);
    }

    private static RoomView endedJustNow(RoomView room) {
        Instant now = Instant.now();
        return server.rooms.put(new RoomView(
                room.sid(),
                room.account(),
                room.uniqueName(),
                RoomStatus.COMPLETED,
                room.properties(),
                room.createdAt(),
                now,
                now));
    }

    private static ParticipantView left(RoomView room, String identity, int minute) {
        Instant started = Instant.parse("2024-03-01T10:00:00Z").plusSeconds(60L * minute);
        return new ParticipantView(
                ParticipantSid.random(RANDOM),
                room.sid(),
                room.account(),
                identity,
                ParticipantStatus.DISCONNECTED,
                started,
                started.plusSeconds(5),
                started.plusSeconds(5));
    }

    @Test
    void fetchesAndRemovesParticipants() {
        RoomView room = newRoom("to remove from", Instant.parse("2024-03-01T10:00:00Z"));
        ParticipantView alice = participant(room, "alice@example.com", ParticipantStatus.CONNECTED, null);
        var fetched = sendLater(request("/v1/Rooms/" + room.sid() + "/Participants/alice%40example.com"));
        RoomCommand.FetchParticipant fetch = server.room.expectMessageClass(RoomCommand.FetchParticipant.class);
        assertThat(fetch.sidOrIdentity()).isEqualTo("alice@example.com");
        fetch.replyTo().tell(StatusReply.success(alice));
        assertThat(json(GatewayFixture.await(fetched)).path("sid").asText())
                .isEqualTo(alice.sid().value());

        var removed = sendLater(request("/v1/Rooms/" + room.sid() + "/Participants/" + alice.sid())
                .header("Content-Type", FORM)
                .POST(HttpRequest.BodyPublishers.ofString("Status=disconnected")));
        server.room
                .expectMessageClass(RoomCommand.RemoveParticipant.class)
                .replyTo()
                .tell(StatusReply.success(participant(
                        room, "alice", ParticipantStatus.DISCONNECTED, Instant.parse("2024-03-01T10:02:00Z"))));
        HttpResponse<String> response = GatewayFixture.await(removed);
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).path("status").asText()).isEqualTo("disconnected");

        assertFails(post("/v1/Rooms/" + room.sid() + "/Participants/" + alice.sid(), "Status=connected"), 400, 53209);
        assertFails(post("/v1/Rooms/" + room.sid() + "/Participants/" + alice.sid(), ""), 400, 20001);
    }

    @Test
    void findsParticipantsWhoLeftBySidOnly() {
        RoomView room = newRoom("left alone", Instant.parse("2024-03-01T10:00:00Z"));
        ParticipantView gone =
                participant(room, "dave", ParticipantStatus.DISCONNECTED, Instant.parse("2024-03-01T10:01:30Z"));
        server.rooms.put(gone);
        for (String who : List.of(gone.sid().value(), "dave")) {
            var answer = sendLater(request("/v1/Rooms/" + room.sid() + "/Participants/" + who));
            server.room
                    .expectMessageClass(RoomCommand.FetchParticipant.class)
                    .replyTo()
                    .tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
            assertThat(GatewayFixture.await(answer).statusCode()).isEqualTo(who.equals("dave") ? 404 : 200);
        }
    }

    @Test
    void anonymizesAParticipantWhoHasLeft() {
        RoomView over = completed("anonymous");
        ParticipantView gone =
                participant(over, "alice", ParticipantStatus.DISCONNECTED, Instant.parse("2024-03-01T10:01:40Z"));
        server.rooms.put(gone);
        String path = "/v1/Rooms/" + over.sid() + "/Participants/" + gone.sid() + "/Anonymize";
        var answer = sendLater(request(path).POST(HttpRequest.BodyPublishers.noBody()));
        RoomCommand.Anonymize anonymize = server.room.expectMessageClass(RoomCommand.Anonymize.class);
        assertThat(anonymize.participant()).isEqualTo(gone.sid());
        anonymize.replyTo().tell(StatusReply.ack());

        JsonNode json = json(GatewayFixture.await(answer));

        assertThat(json.path("identity").asText()).isEqualTo(gone.sid().value());
        assertThat(json.path("status").asText()).isEqualTo("disconnected");
        assertThat(json.path("url").asText()).isEqualTo(base() + path);
        assertThat(json.path("duration").asInt()).isEqualTo(40);
        assertThat(json.has("links")).isFalse();
        assertThat(json.size()).isEqualTo(11);
        assertFails(post("/v1/Rooms/" + over.sid() + "/Participants/alice/Anonymize", ""), 404, 20404);
        assertFails(get(path), 405, 20004);
    }

    @Test
    void refusesToAnonymizeAParticipantWhoIsInTheRoom() {
        RoomView room = newRoom("not anonymous", Instant.parse("2024-03-01T10:00:00Z"));
        var answer = sendLater(request("/v1/Rooms/" + room.sid() + "/Participants/alice/Anonymize")
                .POST(HttpRequest.BodyPublishers.noBody()));
        server.room
                .expectMessageClass(RoomCommand.FetchParticipant.class)
                .replyTo()
                .tell(StatusReply.success(participant(room, "alice", ParticipantStatus.RECONNECTING, null)));

        assertFails(GatewayFixture.await(answer), 400, 53209);
    }
}
