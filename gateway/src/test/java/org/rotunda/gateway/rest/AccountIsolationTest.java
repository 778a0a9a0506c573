package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
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
import java.util.stream.Collectors;
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
        List<String> paths = new ArrayList<>(paths(operation.pattern(), victim));
        if (operation.method().equals("GET")
                && !VARIABLE.matcher(operation.pattern()).find()) {
            paths.add(paths.get(0) + filters(victim));
        }
        for (String path : paths) {
            List<RoomView> roomsBefore = roomsOf(victim);
            List<Object> rowsBefore = rowsOf(victim);
            HttpResponse<String> response = send(attacker, operation.method(), path, form(operation.pattern(), victim));
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

    /** Returns filters of lists that would find what the victim has. */
    private static String filters(Victim victim) {
        return "?Status=failed&UniqueName=" + victim.live().uniqueName() + "&RoomName="
                + victim.live().uniqueName() + "&RoomSid=" + victim.over().sid() + "&GroupingSid="
                + victim.over().sid() + "&Identity=" + victim.participant().identity();
    }

    /** Returns a form that would change something, if the operation reached it. */
    private static String form(String pattern, Victim victim) {
        if (pattern.endsWith("/{participant}")) {
            return "Status=disconnected";
        }
        if (pattern.endsWith("/{callback}")) {
            return "Status=waiting";
        }
        if (pattern.endsWith("Rules")) {
            return "Rules=[{%22type%22:%22exclude%22,%22all%22:true}]";
        }
        return pattern.startsWith("/v1/")
                ? "Status=completed&RoomSid=" + victim.over().sid() + "&FriendlyName=stolen"
                : "Status=suspended&FriendlyName=stolen";
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

    /** The password of one account or key does not open another, and an access token opens nothing here. */
    @TestFactory
    Stream<DynamicTest> noMixedCredentialsOpenAnything() {
        List<String> mixed = Stream.of(
                        new Login(PARENT.user(), STRANGER.password()),
                        new Login(STRANGER.user(), PARENT.password()),
                        new Login(subaccount.login().user(), PARENT.password()),
                        new Login(PARENT.user(), subaccount.login().password()),
                        new Login(parent.key().user(), STRANGERS_KEY.password()),
                        new Login(STRANGERS_KEY.user(), parent.key().password()),
                        new Login(PARENT.user(), parent.key().password()),
                        new Login(parent.key().user(), PARENT.password()))
                .map(login -> basic(login.user(), login.password()))
                .collect(Collectors.toCollection(ArrayList::new));
        mixed.add("Bearer "
                + GatewayFixture.token(
                        PARENT.user(), parent.key().user(), parent.key().password(), "alice", null));
        return server.gateway.operations().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.method() + " " + operation.pattern(), () -> {
                    String path = paths(operation.pattern(), parent).get(0);
                    for (String credentials : mixed) {
                        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                                .header("Authorization", credentials);
                        assertFails(
                                send(
                                        operation.method().equals("POST")
                                                ? request.header("Content-Type", FORM)
                                                        .POST(BodyPublishers.ofString(
                                                                form(operation.pattern(), parent)))
                                                : request.method(operation.method(), BodyPublishers.noBody())),
                                401,
                                20003);
                    }
                }));
    }

    /** An account with its key, and another account whose rooms it must not open. */
    private record Intruder(String account, Login key, Victim victim) {
        static List<Intruder> all() {
            return List.of(
                    new Intruder(STRANGER.user(), STRANGERS_KEY, parent),
                    new Intruder(STRANGER.user(), STRANGERS_KEY, subaccount),
                    new Intruder(subaccount.login().user(), subaccount.key(), parent),
                    new Intruder(parent.login().user(), parent.key(), subaccount));
        }

        @Override
        public String toString() {
            return account + " at " + victim.live().uniqueName();
        }
    }

    @TestFactory
    Stream<DynamicTest> noTokenOfAnotherAccountOpensARoom() {
        return DynamicTest.stream(Intruder.all().stream(), Intruder::toString, intruder -> {
            Victim victim = intruder.victim();
            String token = GatewayFixture.token(
                    intruder.account(),
                    intruder.key().user(),
                    intruder.key().password(),
                    victim.participant().identity(),
                    null);
            for (RoomView room : List.of(victim.live(), victim.over())) {
                assertThat(error(connect(token, room.sid().value()))).isEqualTo(53106);
            }

            List<RoomView> before = roomsOf(victim);
            connect(token, victim.live().uniqueName());
            RoomCommand.Connect own = server.room.expectMessageClass(RoomCommand.Connect.class, Duration.ofSeconds(10));
            assertThat(own.account().value()).as("the name means another room").isEqualTo(intruder.account());
            assertThat(roomsOf(victim)).isEqualTo(before);

            SessionId session =
                    SessionId.random(victim.live().sid(), victim.participant().sid(), RANDOM);
            ObjectNode sync = (ObjectNode)
                    Samples.get("tcmp", "hello_with_sync").get("body").deepCopy();
            assertThat(error(hello(sync.put("token", token).put("session", session.value()))))
                    .isBetween(53000, 53999);
            server.room.expectNoMessage(Duration.ZERO);
        });
    }

    @TestFactory
    Stream<DynamicTest> noKeySignsTokensOfAnotherAccount() {
        return DynamicTest.stream(Intruder.all().stream(), Intruder::toString, intruder -> {
            String forged = GatewayFixture.token(
                    intruder.victim().login().user(),
                    intruder.key().user(),
                    intruder.key().password(),
                    "mallory",
                    null);

            assertThat(error(connect(forged, intruder.victim().live().uniqueName())))
                    .isEqualTo(20103);
        });
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
