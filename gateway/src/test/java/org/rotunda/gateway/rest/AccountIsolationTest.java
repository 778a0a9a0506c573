package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.testkit.AccountSteps;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.CallbackSid;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;

/**
 * Tests that no request with the credentials of one account reads, lists, changes or joins anything of another account.
 * The requests are made from the route table, so the operations of later versions are among them.
 */
class AccountIsolationTest extends AccountSteps {
    private static final Login STRANGER = new Login("AC00000000000000000000000000000002", "token-of-the-stranger");
    private static final Login STRANGERS_KEY =
            new Login("SK00000000000000000000000000000002", "secret-of-the-stranger");
    private static final String TWO_ACCOUNTS = """
            rotunda.accounts = [
              { sid = %s, auth-tokens = [%s], keys = [{ sid = %s, secret = %s }] },
              { sid = %s, auth-tokens = [%s], keys = [{ sid = %s, secret = %s }] }
            ]
            """.formatted(
                    PARENT.user(),
                    PARENT.password(),
                    GatewayFixture.KEY,
                    GatewayFixture.KEY_SECRET,
                    STRANGER.user(),
                    STRANGER.password(),
                    STRANGERS_KEY.user(),
                    STRANGERS_KEY.password());
    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");
    private static final Instant LONG_AGO = Instant.parse("2024-03-01T10:00:00Z");

    /** An account that others must not reach, and what it has. */
    private record Victim(
            Login login, Login key, RoomView live, RoomView over, ParticipantView participant, CallbackSid callback) {

        /** Returns the possible values of a variable of a path. Each of them means something of this account. */
        List<String> values(String variable) {
            return switch (variable) {
                case "account" -> List.of(login.user());
                case "key" -> List.of(key.user());
                case "room" ->
                    List.of(live.sid().value(), live.uniqueName(), over.sid().value());
                case "participant" -> List.of(participant.sid().value(), participant.identity());
                case "track" -> List.of("MT" + "7".repeat(32), "camera");
                case "recording" -> List.of("RT" + "7".repeat(32));
                case "composition" -> List.of("CJ" + "7".repeat(32));
                case "hook" -> List.of("HK" + "7".repeat(32));
                case "transcription" -> List.of("video_extension_7");
                case "callback" -> List.of(callback.value());
                default -> throw new AssertionError("this test needs a value for {" + variable + "}");
            };
        }

        /** Returns the texts that an answer to somebody else must not contain. */
        Set<String> secrets() {
            return Set.of(
                    login.user(),
                    login.password(),
                    key.user(),
                    key.password(),
                    live.sid().value(),
                    live.uniqueName(),
                    over.sid().value(),
                    over.uniqueName(),
                    participant.sid().value(),
                    participant.identity(),
                    callback.value());
        }
    }

    private static Victim parent;
    private static Victim subaccount;

    @BeforeAll
    static void fill() {
        server.close();
        server = GatewayFixture.start(TWO_ACCOUNTS);
        parent = victim(PARENT, "parent");
        subaccount = victim(newSubaccount("secret-sub"), "sub");
    }

    private static Victim victim(Login login, String name) {
        AccountSid account = new AccountSid(login.user());
        RoomView live = server.rooms.put(server.rooms.room(account, "live-room-of-" + name, LONG_AGO));
        RoomView over = server.rooms.room(account, "past-room-of-" + name, LONG_AGO);
        over = server.rooms.put(new RoomView(
                over.sid(),
                account,
                over.uniqueName(),
                RoomStatus.COMPLETED,
                over.properties(),
                LONG_AGO,
                LONG_AGO,
                LONG_AGO.plusSeconds(60)));
        ParticipantView participant = new ParticipantView(
                ParticipantSid.random(RANDOM),
                over.sid(),
                account,
                "person-of-" + name,
                ParticipantStatus.DISCONNECTED,
                LONG_AGO,
                LONG_AGO,
                LONG_AGO.plusSeconds(60));
        server.rooms.put(participant);
        return new Victim(login, newKey(login), live, over, participant, failedCallback(over));
    }

    private static CallbackSid failedCallback(RoomView room) {
        CallbackSid sid = CallbackSid.of(room.sid(), 0);
        server.callbacks.put(new StatusCallback(
                sid,
                room.sid(),
                room.account(),
                0,
                "room-created",
                LONG_AGO,
                "https://hooks.example.com/",
                "POST",
                "RoomSid=" + room.sid(),
                CallbackStatus.FAILED,
                1,
                LONG_AGO,
                new FailedAttempt(LONG_AGO, CallbackFailure.REFUSED, 404, "The receiver answered with status 404")));
        return sid;
    }

    @TestFactory
    Stream<DynamicTest> noOperationReachesAnotherAccount() {
        Login sibling = newSubaccount("sibling");
        return server.gateway.operations().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.method() + " " + operation.pattern(), () -> {
                    for (Login attacker :
                            List.of(STRANGER, STRANGERS_KEY, subaccount.login(), subaccount.key(), sibling)) {
                        attack(operation, attacker, parent);
                    }
                    List<Login> others = new ArrayList<>(List.of(STRANGER, STRANGERS_KEY, sibling));
                    // A parent administers its subaccounts and their keys. It has no way to their rooms.
                    if (operation.pattern().startsWith("/v1/")) {
                        others.add(parent.login());
                        others.add(parent.key());
                    }
                    for (Login attacker : others) {
                        attack(operation, attacker, subaccount);
                    }
                }));
    }

    private static void attack(ApiOperation operation, Login attacker, Victim victim) {
        for (String path : paths(operation.pattern(), victim)) {
            List<RoomView> roomsBefore = roomsOf(victim);
            List<Object> rowsBefore = rowsOf(victim);
            HttpResponse<String> response = send(attacker, operation.method(), path, form(operation.pattern()));
            String what = operation.method() + " " + path + " as " + attacker.user() + ": " + response.statusCode()
                    + " " + response.body();

            assertThat(response.statusCode()).as(what).isLessThan(500);
            if (VARIABLE.matcher(operation.pattern()).find()) {
                assertThat(response.statusCode()).as(what).isIn(403, 404);
            }
            Set<String> hidden = new HashSet<>(victim.secrets());
            hidden.removeIf(path::contains); // An error text repeats the path of the request.
            if (!attacker.equals(STRANGER) && !attacker.equals(STRANGERS_KEY)) {
                hidden.remove(parent.login().user()); // The resource of a subaccount names its parent.
            }
            assertThat(hidden).as(what).noneMatch(response.body()::contains);
            assertThat(roomsOf(victim)).as(what).isEqualTo(roomsBefore);
            assertThat(rowsOf(victim)).as(what).isEqualTo(rowsBefore);
        }
        server.room.expectNoMessage(Duration.ZERO);
    }

    /** Returns the paths of a pattern with all values of its variables. */
    private static List<String> paths(String pattern, Victim victim) {
        Matcher variable = VARIABLE.matcher(pattern);
        if (!variable.find()) {
            return List.of(pattern);
        }
        return victim.values(variable.group(1)).stream()
                .flatMap(value -> paths(variable.replaceFirst(Matcher.quoteReplacement(value)), victim).stream())
                .toList();
    }

    /** Returns a form that would change something, if the operation reached it. */
    private static String form(String pattern) {
        if (pattern.endsWith("/{participant}")) {
            return "Status=disconnected";
        }
        if (pattern.endsWith("/{callback}")) {
            return "Status=waiting";
        }
        if (pattern.endsWith("Rules")) {
            return "Rules=[{%22type%22:%22exclude%22,%22all%22:true}]";
        }
        return pattern.startsWith("/v1/") ? "Status=completed" : "Status=suspended&FriendlyName=stolen";
    }

    private static List<RoomView> roomsOf(Victim victim) {
        return server.rooms.all().stream()
                .filter(room -> room.account().value().equals(victim.login().user()))
                .sorted(Comparator.comparing(room -> room.sid().value()))
                .toList();
    }

    private static List<Object> rowsOf(Victim victim) {
        List<Object> rows = new ArrayList<>();
        server.accountStore.accounts().stream()
                .filter(row -> row.sid().value().equals(victim.login().user()))
                .forEach(row -> rows.add(row));
        server.accountStore.keys().stream()
                .filter(row -> row.account().value().equals(victim.login().user()))
                .sorted(Comparator.comparing(row -> row.sid()))
                .forEach(row -> rows.add(row));
        server.callbacks.all().stream()
                .filter(row -> row.account().value().equals(victim.login().user()))
                .forEach(row -> rows.add(row));
        return rows;
    }

    /** Without this test, the test above would also pass if the victims had nothing to find. */
    @Test
    void theirOwnersReachTheSameThings() {
        for (Victim victim : List.of(parent, subaccount)) {
            for (String path : List.of(
                    "/v1/Rooms/" + victim.live().uniqueName(),
                    "/v1/Rooms/" + victim.over().sid(),
                    "/v1/Rooms/" + victim.over().sid() + "/Participants",
                    "/v1/Rooms/" + victim.over().sid() + "/Participants/"
                            + victim.participant().sid(),
                    "/v1/StatusCallbacks/" + victim.callback())) {
                answer(200, get(victim.login(), path));
                answer(200, get(victim.key(), path));
            }
            String account = ACCOUNTS + "/" + victim.login().user();
            answer(200, get(victim.login(), account + ".json"));
            answer(200, get(victim.login(), account + "/Keys/" + victim.key().user() + ".json"));
        }
        assertThat(server.gateway.operations()).hasSizeGreaterThan(15);
    }

    @Test
    void noTokenOfAnotherAccountOpensARoom() {
        String token =
                GatewayFixture.token(STRANGER.user(), STRANGERS_KEY.user(), STRANGERS_KEY.password(), "mallory", null);
        assertThat(error(connect(token, parent.live().sid().value()))).isEqualTo(53106);

        List<RoomView> before = roomsOf(parent);
        connect(token, parent.live().uniqueName());
        RoomCommand.Connect own = server.room.expectMessageClass(RoomCommand.Connect.class, Duration.ofSeconds(10));
        assertThat(own.account().value()).as("the name means another room").isEqualTo(STRANGER.user());
        assertThat(roomsOf(parent)).isEqualTo(before);

        SessionId session =
                SessionId.random(parent.live().sid(), parent.participant().sid(), RANDOM);
        ObjectNode sync =
                (ObjectNode) Samples.get("tcmp", "hello_with_sync").get("body").deepCopy();
        assertThat(error(hello(sync.put("token", token).put("session", session.value()))))
                .isBetween(53000, 53999);
        server.room.expectNoMessage(Duration.ZERO);
    }

    @Test
    void noKeySignsTokensOfAnotherAccount() {
        String forged =
                GatewayFixture.token(PARENT.user(), STRANGERS_KEY.user(), STRANGERS_KEY.password(), "mallory", null);

        assertThat(error(connect(forged, parent.live().uniqueName()))).isEqualTo(20103);
    }

    private static SignalingClient connect(String token, String room) {
        ObjectNode connect = Samples.get("rsp", "connect_default_audio_video").deepCopy();
        return hello(connect.put("token", token).put("name", room));
    }

    private static SignalingClient hello(JsonNode body) {
        SignalingClient client = server.signaling()
                .send("{\"type\":\"hello\",\"version\":2,\"id\":\"1\",\"timeout\":5000,\"body\":" + body + "}");
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        return client;
    }

    private static int error(SignalingClient client) {
        return client.body("error").path("code").asInt();
    }
}
