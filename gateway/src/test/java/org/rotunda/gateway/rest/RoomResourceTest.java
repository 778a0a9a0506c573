package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomView;

/** Tests that rooms can be fetched, completed and listed over REST. Compares answers byte for byte. */
class RoomResourceTest extends HttpFixture {
    @Test
    void fetchesARoomByNameAndSidButNoneOfAnotherAccount() {
        RoomView room = newRoom("fetch me", Instant.parse("2024-03-01T10:00:00Z"));
        RoomView other = server.rooms.put(server.rooms.room(
                new AccountSid("AC00000000000000000000000000000002"), "", Instant.parse("2024-03-01T10:00:00Z")));

        assertThat(json(get("/v1/Rooms/fetch%20me")).path("sid").asText())
                .isEqualTo(room.sid().value());
        assertThat(json(get("/v1/Rooms/" + room.sid() + "/"))
                        .path("unique_name")
                        .asText())
                .isEqualTo("fetch me");
        assertFails(get("/v1/Rooms/" + other.sid()), 404, 20404);
        HttpResponse<String> missing = get("/v1/Rooms/RM71");
        assertFails(missing, 404, 20404);
        assertThat(json(missing).path("message").asText())
                .isEqualTo("The requested resource /Rooms/RM71 was not found");
    }

    /** A name is exactly one segment of the path, whatever characters it has. */
    @ParameterizedTest
    @CsvSource({
        "a//b, a%2F%2Fb",
        "a/Participants, a%2FParticipants",
        "a+b c, a+b%20c",
        "a+b c, a%2Bb%20c",
        "a%20b, a%2520b",
        "alice@example.com:1, alice@example.com:1",
        "über 👍, %C3%BCber%20%F0%9F%91%8D",
        "?x=1#y, %3Fx=1%23y"
    })
    void findsARoomByOneEncodedSegment(String name, String segment) {
        RoomView room = newRoom(name, Instant.parse("2024-03-01T10:00:00Z"));
        for (String end : List.of("", "/")) {
            JsonNode found = json(get("/v1/Rooms/" + segment + end));
            assertThat(found.path("sid").asText()).isEqualTo(room.sid().value());
            assertThat(found.path("unique_name").asText()).isEqualTo(name);
        }
        server.rooms.remove(room.sid());
    }

    @Test
    void showsACompletedRoom() {
        JsonNode room = json(get("/v1/Rooms/" + completed("over").sid()));

        assertThat(room.path("status").asText()).isEqualTo("completed");
        assertThat(room.path("end_time").asText()).isEqualTo("2024-03-01T10:01:40Z");
        assertThat(room.path("duration").asInt()).isEqualTo(100);
    }

    @Test
    void completesARoom() {
        RoomView room = newRoom("to complete", Instant.parse("2024-03-01T10:00:00Z"));
        var answer = sendLater(request("/v1/Rooms/" + room.sid())
                .header("Content-Type", FORM)
                .POST(HttpRequest.BodyPublishers.ofString("Status=completed")));
        server.room
                .expectMessageClass(RoomCommand.Complete.class)
                .replyTo()
                .tell(StatusReply.success(completed("to complete")));
        HttpResponse<String> response = GatewayFixture.await(answer);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).path("status").asText()).isEqualTo("completed");
    }

    @Test
    void refusesOtherUpdatesOfRooms() {
        RoomView room = newRoom("not to complete", Instant.parse("2024-03-01T10:00:00Z"));
        assertFails(post("/v1/Rooms/" + room.sid(), ""), 400, 20001);
        assertFails(post("/v1/Rooms/" + room.sid(), "Status=in-progress"), 400, 53112);

        var answer = sendLater(request("/v1/Rooms/" + room.sid())
                .header("Content-Type", FORM)
                .POST(HttpRequest.BodyPublishers.ofString("Status=completed")));
        server.room
                .expectMessageClass(RoomCommand.Complete.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_STATUS_INVALID)));
        assertFails(GatewayFixture.await(answer), 400, 53112);
    }

    @Test
    void tellsTheErrorOfARoomThatCannotAnswerNow() {
        server.rooms.refuse(RoomError.BUSY);
        HttpResponse<String> response = get("/v1/Rooms/x");

        assertFails(response, 503, 20503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void pagesThroughRoomsByLinks() {
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
    void clampsPageSizesAndRefusesInvalidPages() {
        assertThat(json(get("/v1/Rooms?PageSize=2500"))
                        .path("meta")
                        .path("page_size")
                        .asInt())
                .isEqualTo(1000);
        assertFails(get("/v1/Rooms?PageSize=0"), 400, 20001);
        assertFails(get("/v1/Rooms?PageSize=x"), 400, 20001);
        assertFails(get("/v1/Rooms?Page=-1"), 400, 20001);
        assertFails(get("/v1/Rooms?PageToken=nonsense"), 400, 21481);
        assertFails(get("/v1/Rooms?PageToken=PTAAAA"), 400, 21481);
        assertFails(get("/v1/Rooms?Status=sleeping"), 400, 20001);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/Rooms?UniqueName=a%00b",
                "/v1/Rooms?UniqueName=%ED%A0%80",
                "/v1/Rooms?Status=%00",
                "/v1/Rooms?PageToken=%00",
                "/v1/Rooms/storable/Participants?Identity=%00"
            })
    void refusesAFilterThatCannotBeStored(String path) {
        newRoom("storable", Instant.parse("2024-01-02T00:00:00Z"));

        assertFails(get(path), 400, 20001);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/Rooms?DateCreatedAfter=%2B300000-01-01T00:00:00Z",
                "/v1/Rooms?DateCreatedBefore=%2B999999999-12-31",
                "/v1/Rooms?DateCreatedBefore=-5000-01-01",
                "/v1/Rooms/storable/Participants?DateCreatedAfter=0000-12-31"
            })
    void refusesADateThatTheDatabaseDoesNotHold(String path) {
        newRoom("storable", Instant.parse("2024-01-02T00:00:00Z"));

        assertFails(get(path), 400, 20001);
    }

    @Test
    void refusesAPageTokenWithADateThatTheDatabaseDoesNotHold() {
        String token = new PageToken(Instant.ofEpochSecond(999_999_999_999L), "RM" + "0".repeat(32)).write();

        assertFails(get("/v1/Rooms?PageToken=" + token), 400, 21481);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/Rooms/a%00b", "/v1/Rooms/a%00b/Participants", "/v1/Rooms/storable/Participants/%00"})
    void findsNothingUnderANameThatCannotBeStored(String path) {
        newRoom("storable", Instant.parse("2024-01-02T00:00:00Z"));

        assertFails(get(path), 404, 20404);
    }

    @Test
    void asksForNoRoomUnderATextThatIsTooLongForAName() {
        server.rooms.refuse(RoomError.BUSY);

        assertFails(get("/v1/Rooms/" + "x".repeat(128)), 503, 20503);
        assertFails(get("/v1/Rooms/" + "x".repeat(129)), 404, 20404);
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
    void takesTheDateFormsOfAllHelperLibraries(String date) {
        newRoom("before all dates", Instant.parse("2023-12-01T00:00:00Z"));
        RoomView after = newRoom("after all dates", Instant.parse("2024-01-02T00:00:00Z"));

        JsonNode list = json(get("/v1/Rooms?PageSize=1000&DateCreatedAfter=" + date));

        assertThat(list.path("rooms").findValuesAsText("unique_name"))
                .contains(after.uniqueName())
                .doesNotContain("before all dates");
        assertFails(get("/v1/Rooms?DateCreatedAfter=yesterday"), 400, 20001);
    }
}
