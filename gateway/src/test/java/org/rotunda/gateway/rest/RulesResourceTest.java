package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.RulesView;
import org.rotunda.room.protocol.TrackRule;

/** Tests the subscribe rules of participants and the recording rules of rooms over REST. */
class RulesResourceTest extends HttpFixture {
    private static final Instant CREATED = Instant.parse("2024-03-01T10:02:00.5Z");
    private static final Instant UPDATED = Instant.parse("2024-03-01T10:03:00Z");
    private static final ParticipantSid ALICE = ParticipantSid.random(RANDOM);
    private static final TrackRule NO_VIDEO =
            new TrackRule(TrackRule.Type.EXCLUDE, false, TrackKind.VIDEO, null, null, null);

    @Test
    void showsTheDefaultRuleWithoutDates() {
        RoomView room = newRoom("default rules", CREATED);
        var answer = getLater("/v1/Rooms/default%20rules/Participants/alice/SubscribeRules");
        RoomCommand.FetchSubscribeRules fetch = server.room.expectMessageClass(RoomCommand.FetchSubscribeRules.class);
        assertThat(fetch.sidOrIdentity()).isEqualTo("alice");
        fetch.replyTo().tell(StatusReply.success(new RulesView(ALICE, List.of(TrackRule.INCLUDE_ALL), null, null)));

        HttpResponse<String> response = GatewayFixture.await(answer);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo(
                        ("{\"participant_sid\":\"PA\",\"room_sid\":\"RM\",\"date_created\":null,\"date_updated\":null,"
                                        + "\"rules\":[{\"type\":\"include\",\"all\":true}]}")
                                .replace("\"PA\"", "\"" + ALICE + "\"")
                                .replace("\"RM\"", "\"" + room.sid() + "\""));
    }

    @Test
    void changesSubscribeRules() {
        RoomView room = newRoom("other rules", CREATED);
        String path = "/v1/Rooms/" + room.sid() + "/Participants/" + ALICE + "/SubscribeRules/";
        var answer = postLater(path, "[{'type':'include','all':true},{'type':'exclude','kind':'video'}]");
        RoomCommand.ChangeSubscribeRules change =
                server.room.expectMessageClass(RoomCommand.ChangeSubscribeRules.class);
        assertThat(change.sidOrIdentity()).isEqualTo(ALICE.value());
        assertThat(change.rules()).containsExactly(TrackRule.INCLUDE_ALL, NO_VIDEO);
        change.replyTo().tell(StatusReply.success(new RulesView(ALICE, change.rules(), CREATED, UPDATED)));

        assertThat(GatewayFixture.await(answer).body())
                .contains("\"date_created\":\"2024-03-01T10:02:00Z\",\"date_updated\":\"2024-03-01T10:03:00Z\"")
                .endsWith("\"rules\":[{\"type\":\"include\",\"all\":true},{\"type\":\"exclude\",\"kind\":\"video\"}]}");
    }

    @Test
    void readsAndChangesRecordingRules() {
        RoomView room = newRoom("recording rules", CREATED);
        var fetched = getLater("/v1/Rooms/" + room.sid() + "/RecordingRules");
        server.room
                .expectMessageClass(RoomCommand.FetchRecordingRules.class)
                .replyTo()
                .tell(StatusReply.success(new RulesView(null, List.of(TrackRule.EXCLUDE_ALL), CREATED, CREATED)));
        assertThat(GatewayFixture.await(fetched).body())
                .isEqualTo("{\"room_sid\":\"" + room.sid() + "\",\"date_created\":\"2024-03-01T10:02:00Z\","
                        + "\"date_updated\":\"2024-03-01T10:02:00Z\",\"rules\":[{\"type\":\"exclude\",\"all\":true}]}");

        var changed = postLater("/v1/Rooms/" + room.sid() + "/RecordingRules", "[{'type':'include','all':'true'}]");
        RoomCommand.ChangeRecordingRules change =
                server.room.expectMessageClass(RoomCommand.ChangeRecordingRules.class);
        assertThat(change.rules()).containsExactly(TrackRule.INCLUDE_ALL);
        change.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.RECORDING_NOT_SUPPORTED)));
        assertFails(GatewayFixture.await(changed), 400, 53122);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "nonsense",
                "[]",
                "{'type':'include','all':true}",
                "[{'type':'include'}]",
                "[{'type':'include','all':true,'all':true}]",
                "[{'type':'include','kind':'video','publisher':'alice','kind':'audio'}]",
                "[{'type':'include','colour':'red'}]",
                "[SubscribeRule(type=include, all=true)]",
                "[{'type':'include','track':'\\ud800'}]"
            })
    void refusesInvalidRulesWithTheirOwnCodes(String rules) {
        RoomView room = newRoom("invalid rules", CREATED);
        String base = "/v1/Rooms/" + room.sid();

        HttpResponse<String> response =
                post(base + "/Participants/alice/SubscribeRules", "Rules=" + encode(rules.replace('\'', '"')));
        assertFails(response, 400, 53215);
        assertThat(json(response).path("message").asText()).isEqualTo("Invalid Subscribe Rule(s)");
        response = post(base + "/RecordingRules", "Rules=" + encode(rules.replace('\'', '"')));
        assertFails(response, 400, 53120);
        assertThat(json(response).path("message").asText()).isEqualTo("Invalid Recording Rule(s)");
    }

    @Test
    void tellsWhyThereAreNoRules() {
        RoomView over = completed("rules of the past");
        String ofParticipant = "/v1/Rooms/" + over.sid() + "/Participants/" + ALICE + "/SubscribeRules";
        assertFails(get(ofParticipant), 400, 53118);
        assertFails(get("/v1/Rooms/" + over.sid() + "/RecordingRules"), 400, 53118);
        assertFails(get("/v1/Rooms/no%20room/RecordingRules"), 404, 20404);
        assertFails(get("/v1/Rooms/rules%20of%20the%20past/RecordingRules"), 404, 20404);
        assertFails(post(ofParticipant, ""), 400, 20001);
        assertFails(send(request(ofParticipant).DELETE()), 405, 20004);

        newRoom("rules of nobody", CREATED);
        var nobody = getLater("/v1/Rooms/rules%20of%20nobody/Participants/bob/SubscribeRules");
        server.room
                .expectMessageClass(RoomCommand.FetchSubscribeRules.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
        assertFails(GatewayFixture.await(nobody), 404, 20404);
    }

    @Test
    void saysThatARoomWithoutAMediaServerHasNoSubscribeRules() {
        newRoom("mesh", CREATED);
        var answer = getLater("/v1/Rooms/mesh/Participants/bob/SubscribeRules");
        server.room
                .expectMessageClass(RoomCommand.FetchSubscribeRules.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.SUBSCRIPTION_NOT_SUPPORTED)));

        assertFails(GatewayFixture.await(answer), 400, 53117);
    }

    private static CompletableFuture<HttpResponse<String>> getLater(String path) {
        return sendLater(request(path));
    }

    private static CompletableFuture<HttpResponse<String>> postLater(String path, String rules) {
        return sendLater(request(path)
                .header("Content-Type", FORM)
                .POST(HttpRequest.BodyPublishers.ofString("Rules=" + encode(rules.replace('\'', '"')))));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
