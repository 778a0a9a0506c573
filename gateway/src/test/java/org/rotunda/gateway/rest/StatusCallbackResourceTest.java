package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.CallbackForm;
import org.rotunda.room.protocol.CallbackSid;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;

/** Tests the resources of status callbacks. */
class StatusCallbackResourceTest extends HttpFixture {
    private static final Instant HAPPENED = Instant.parse("2024-03-01T10:15:30.123Z");

    private static StatusCallback put(
            AccountSid account, RoomSid room, long number, CallbackStatus status, @Nullable FailedAttempt attempt) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("RoomName", "Zoë & Co");
        parameters.put("SequenceNumber", Long.toString(number));
        StatusCallback callback = new StatusCallback(
                CallbackSid.of(room, number),
                room,
                account,
                number,
                "room-created",
                HAPPENED.plusSeconds(number),
                "https://hooks.example.com/cb?a=b",
                "GET",
                CallbackForm.encode(parameters),
                status,
                attempt == null ? 0 : 3,
                HAPPENED,
                attempt);
        server.callbacks.put(callback);
        return callback;
    }

    private static FailedAttempt refused() {
        return new FailedAttempt(
                HAPPENED.plusSeconds(60), CallbackFailure.REFUSED, 404, "The receiver answered with status 404");
    }

    @Test
    void showsAFailedCallback() {
        StatusCallback callback =
                put(GatewayFixture.ACCOUNT, server.rooms.newSid(), 4, CallbackStatus.FAILED, refused());

        HttpResponse<String> response = get("/v1/StatusCallbacks/" + callback.sid());

        assertThat(response.statusCode()).isEqualTo(200);
        String expected = """
            {"sid":"SID","account_sid":"AC00000000000000000000000000000001","room_sid":"ROOM","status":"failed",
             "event":"room-created","sequence_number":4,"date_created":"2024-03-01T10:15:34Z",
             "date_attempted":"2024-03-01T10:16:30Z","attempts":3,"error_code":11200,
             "error_message":"The receiver answered with status 404","http_status":404,
             "status_callback":"https://hooks.example.com/cb?a=b","status_callback_method":"GET",
             "parameters":{"RoomName":"Zoë & Co","SequenceNumber":"4"},"url":"BASE/v1/StatusCallbacks/SID"}
            """;
        assertThat(json(response))
                .isEqualTo(json(expected.replace("SID", callback.sid().value())
                        .replace("ROOM", callback.room().value())
                        .replace("BASE", base())));
    }

    @Test
    void showsAWaitingCallbackWithoutAnAttempt() {
        StatusCallback callback = put(GatewayFixture.ACCOUNT, server.rooms.newSid(), 0, CallbackStatus.WAITING, null);

        JsonNode json = json(get("/v1/StatusCallbacks/" + callback.sid()));

        assertThat(json.path("status").asText()).isEqualTo("waiting");
        for (String field : List.of("date_attempted", "error_code", "error_message", "http_status")) {
            assertThat(json.path(field).isNull()).as(field).isTrue();
        }
    }

    @Test
    void listsFailedCallbacksNewestFirstWithPages() {
        RoomSid room = server.rooms.newSid();
        for (int i = 0; i < 5; i++) {
            put(GatewayFixture.ACCOUNT, room, i, CallbackStatus.FAILED, refused());
        }
        put(GatewayFixture.ACCOUNT, room, 5, CallbackStatus.WAITING, null);

        List<Integer> numbers = new ArrayList<>();
        String next = "/v1/StatusCallbacks?PageSize=2&RoomSid=" + room;
        int pages = 0;
        while (!next.isEmpty()) {
            JsonNode page = json(get(next));
            page.path("status_callbacks")
                    .forEach(each -> numbers.add(each.path("sequence_number").asInt()));
            assertThat(page.path("meta").path("key").asText()).isEqualTo("status_callbacks");
            String url = page.path("meta").path("next_page_url").asText("null");
            next = url.equals("null") ? "" : url.substring(base().length());
            pages++;
        }

        assertThat(numbers).containsExactly(4, 3, 2, 1, 0);
        assertThat(pages).isEqualTo(3);
        JsonNode waiting = json(get("/v1/StatusCallbacks?Status=waiting&RoomSid=" + room));
        assertThat(waiting.path("status_callbacks")).hasSize(1);
    }

    @Test
    void resendsACallback() {
        StatusCallback callback =
                put(GatewayFixture.ACCOUNT, server.rooms.newSid(), 0, CallbackStatus.FAILED, refused());

        HttpResponse<String> response = post("/v1/StatusCallbacks/" + callback.sid(), "Status=waiting");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).path("status").asText()).isEqualTo("waiting");
        assertThat(json(response).path("attempts").asInt()).isZero();
    }

    @Test
    void hidesTheCallbacksOfOtherAccounts() {
        StatusCallback callback =
                put(new AccountSid("AC" + "9".repeat(32)), server.rooms.newSid(), 0, CallbackStatus.FAILED, refused());

        assertFails(get("/v1/StatusCallbacks/" + callback.sid()), 404, 20404);
        assertFails(post("/v1/StatusCallbacks/" + callback.sid(), "Status=waiting"), 404, 20404);
        assertThat(json(get("/v1/StatusCallbacks?RoomSid=" + callback.room())).path("status_callbacks"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?Status=delivered", "?RoomSid=RM1", "?RoomSid=daily", "?PageSize=0", "?Status=Failed"})
    void refusesBadFilters(String query) {
        assertFails(get("/v1/StatusCallbacks" + query), 400, 20001);
    }

    @Test
    void refusesOtherRequests() {
        String unknown = "/v1/StatusCallbacks/SC" + "0".repeat(32);
        assertFails(get(unknown), 404, 20404);
        assertFails(get("/v1/StatusCallbacks/nonsense"), 404, 20404);
        assertFails(post(unknown, "Status=waiting"), 404, 20404);
        assertFails(post(unknown, ""), 400, 20001);
        assertFails(post(unknown, "Status=failed"), 400, 20001);
        assertFails(post("/v1/StatusCallbacks", "Status=waiting"), 405, 20004);
        assertFails(get("/v1/StatusCallbacks?PageToken=nonsense"), 400, 21481);
    }
}
