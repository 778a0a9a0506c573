package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.microphone;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.load.client.Tokens;

/** Tests that the application gets the SDK's error class for every refusal of the server. */
@Tag("browser")
@ExtendWith(RigExtension.class)
class ErrorsTest {
    private static final String SUBJECT = Tokens.ACCOUNT;

    static Stream<Arguments> defectiveTokens() {
        return Stream.of(
                Arguments.of("not a JWT", "this.is.nothing", 20101, "AccessTokenInvalidError"),
                Arguments.of(
                        "another content type",
                        sign(token(), "application/json", Tokens.SECRET),
                        20102,
                        "AccessTokenHeaderInvalidError"),
                Arguments.of(
                        "an unknown key",
                        sign(token().withIssuer("SK000000000000000000000000000000ff"), CONTENT_TYPE, Tokens.SECRET),
                        20103,
                        "AccessTokenIssuerInvalidError"),
                Arguments.of(
                        "expired",
                        sign(token().withExpiresAt(Instant.now().minusSeconds(60)), CONTENT_TYPE, Tokens.SECRET),
                        20104,
                        "AccessTokenExpiredError"),
                Arguments.of(
                        "not yet valid",
                        sign(token().withNotBefore(Instant.now().plusSeconds(1800)), CONTENT_TYPE, Tokens.SECRET),
                        20105,
                        "AccessTokenNotYetValidError"),
                Arguments.of(
                        "no video grant",
                        sign(token().withClaim("grants", Map.of("identity", "mallory")), CONTENT_TYPE, Tokens.SECRET),
                        20106,
                        "AccessTokenGrantsInvalidError"),
                Arguments.of(
                        "a wrong signature",
                        sign(token(), CONTENT_TYPE, "another-secret"),
                        20107,
                        "AccessTokenSignatureInvalidError"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defectiveTokens")
    void aDefectiveTokenIsRefusedWithItsOwnErrorClass(
            String defect, String token, int code, String errorClass, Rig rig) {
        assertRefused(rig.page("mallory").tryJoin(token, rig.freshRoom(), List.of(), Map.of()), code, errorClass);
    }

    @Test
    void aTokenForAnotherRoomIsRefused(Rig rig) {
        String token = Tokens.forRoom("alice", "the only room");

        assertRefused(
                rig.page("alice").tryJoin(token, rig.freshRoom(), List.of(), Map.of()),
                53104,
                "RoomConnectFailedError");
    }

    @ParameterizedTest
    @CsvSource({"'', 53100, RoomNameInvalidError", "129, 53101, RoomNameTooLongError"})
    void aBadRoomNameIsRefused(String kind, int code, String errorClass, Rig rig) {
        String name = kind.isEmpty() ? "" : "n".repeat(Integer.parseInt(kind));

        assertRefused(
                rig.page("alice").tryJoin(Tokens.forAnyRoom("alice"), name, List.of(), Map.of()), code, errorClass);
    }

    @Test
    void aTooLongIdentityIsRefused(Rig rig) {
        String identity = "i".repeat(129);

        assertRefused(
                rig.page("long").tryJoin(Tokens.forAnyRoom(identity), rig.freshRoom(), List.of(), Map.of()),
                53201,
                "ParticipantIdentityTooLongError");
    }

    @Test
    void aSecondJoinWithTheSameIdentityEndsTheFirstSession(Rig rig) {
        String room = rig.freshRoom();
        CallPage first = rig.page("alice");
        first.join(room, List.of(), Map.of());
        CallPage watcher = rig.page("bob");
        watcher.join(room, List.of(), Map.of());

        rig.page("alice").join(room, List.of(), Map.of());

        awaitDisconnected(first, 53205);
        watcher.awaitEvents("participantDisconnected", 1);
        watcher.awaitEvents("participantConnected", 1);
    }

    @Test
    void aFullRoomRefusesTheNextParticipant(Rig rig) {
        String room = rig.freshRoom();
        rig.rest().createRoom(room, Map.of("MaxParticipants", "2"));
        rig.page("alice").join(room, List.of(), Map.of());
        rig.page("bob").join(room, List.of(), Map.of());

        assertRefused(
                rig.page("carol").tryJoin(Tokens.forAnyRoom("carol"), room, List.of(), Map.of()),
                53105,
                "RoomMaxParticipantsExceededError");
    }

    @Test
    void completingTheRoomByRestDisconnectsEverybody(Rig rig) {
        String room = rig.freshRoom();
        CallPage alice = rig.page("alice");
        alice.join(room, List.of(microphone("microphone")), Map.of());
        CallPage bob = rig.page("bob");
        bob.join(room, List.of(), Map.of());

        rig.rest().completeRoom(room);

        awaitDisconnected(alice, 53118);
        awaitDisconnected(bob, 53118);
    }

    /** The others see a departure like any other, and their own stays go on. */
    @Test
    void aParticipantWhoStaysTooLongIsDisconnectedWithAnErrorOfItsOwn(Rig rig) {
        String room = rig.freshRoom();
        rig.createRoomWithLongestStay(room, Duration.ofSeconds(8));
        CallPage alice = rig.page("alice");
        alice.join(room, List.of(microphone("microphone")), Map.of());
        CallPage bob = rig.page("bob");
        bob.join(room, List.of(), Map.of());
        bob.awaitEvents("trackSubscribed", 1);

        awaitDisconnected(alice, 53216);

        bob.awaitEvents("participantDisconnected", 1);
        JsonNode departed = rig.rest().departed(room, "&Identity=alice").get(0);
        assertThat(departed.path("duration").asInt()).isEqualTo(8);
        awaitDisconnected(bob, 53216);
        assertThat(alice.eventNames()).doesNotContain("reconnecting");
    }

    @Test
    void repeatedOrTooLongTrackNamesFailWithoutEndingTheSession(Rig rig) {
        String room = rig.freshRoom();
        CallPage alice = rig.page("alice");
        alice.join(room, List.of(camera("camera")), Map.of());

        assertThat(publishFailure(alice, camera("camera", 320, 180, 10))).isEqualTo(53304);
        assertThat(publishFailure(alice, camera("n".repeat(129), 320, 180, 10))).isEqualTo(53302);
        alice.await(
                "both failures as events",
                "() => call.events.filter(event => event.name === 'trackPublicationFailed').map(event =>"
                        + " event.code).join() === '53304,53302'");
        assertThat(alice.eventNames()).doesNotContain("disconnected");
    }

    private static final String CONTENT_TYPE = "twilio-fpa;v=1";

    private static JWTCreator.Builder token() {
        Instant now = Instant.now();
        return JWT.create()
                .withIssuer(Tokens.KEY)
                .withSubject(SUBJECT)
                .withIssuedAt(now)
                .withExpiresAt(now.plusSeconds(3600))
                .withJWTId(Tokens.KEY + "-" + now.getEpochSecond())
                .withClaim("grants", Map.of("identity", "mallory", "video", Map.of()));
    }

    private static String sign(JWTCreator.Builder token, String contentType, String secret) {
        return token.withHeader(Map.of("cty", contentType)).sign(Algorithm.HMAC256(secret));
    }

    private static void assertRefused(Map<String, Object> outcome, int code, String errorClass) {
        assertThat(outcome).containsKey("error");
        Map<String, Object> error = CallPage.object(outcome, "error");
        assertThat(error.get("code")).as("code of %s", error).isEqualTo(code);
        assertThat(error.get("className")).as("class of %s", error).isEqualTo(errorClass);
    }

    private static void awaitDisconnected(CallPage page, int code) {
        page.await(
                "disconnected with " + code,
                "code => call.events.some(event => event.name === 'disconnected' && event.code === code)",
                code);
    }

    private static Object publishFailure(CallPage page, Map<String, Object> track) {
        return page.evaluate("track => call.publish(track).then(() => 'published', error => error.code)", track);
    }
}
