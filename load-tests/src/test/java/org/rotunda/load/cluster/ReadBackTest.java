package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;

/**
 * A caller of the REST API who has changed something reads the change at once, although the tables of the database
 * follow the rooms with a delay. No test here waits for the tables.
 */
class ReadBackTest {
    private static BotNode node;
    private static Rest rest;
    private static InetSocketAddress gateway;

    @BeforeAll
    static void start() {
        node = new BotNode();
        rest = new Rest(node.node().httpUrl());
        URI url = node.signaling();
        gateway = new InetSocketAddress(url.getHost(), url.getPort());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aRemovedParticipantIsFoundAndListedAtOnce() {
        String room = createdRoom();
        for (int i = 0; i < 5; i++) {
            String participant = join("removed-" + i, room).participant();

            rest.disconnect(room, participant);

            assertDeparted(room, participant);
            assertThat(rest.participants(room)).isEmpty();
        }
        assertThat(sids(rest.departed(room, ""))).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void aSupersededParticipantIsFoundAndListedAtOnce() {
        String room = createdRoom();
        List<String> earlier = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String participant = join("twin", room).participant();
            for (String superseded : earlier) {
                assertDeparted(room, superseded);
            }
            assertThat(sids(rest.participants(room))).containsExactly(participant);
            earlier.add(participant);
        }
        assertThat(sids(rest.departed(room, "&Identity=twin"))).hasSize(2);
        assertThat(rest.departed(room, "&Identity=nobody")).isEmpty();
    }

    @Test
    void aParticipantWhoLeavesIsAlwaysFound() {
        String room = createdRoom();
        SignalingBot bot = join("leaver", room);

        bot.leave();

        Await.until("the departure", Duration.ofSeconds(20), () -> {
            Rest.Answer answer = rest.tryParticipant(room, bot.participant());
            assertThat(answer.status()).isEqualTo(200);
            return answer.body().path("status").asText().equals("disconnected");
        });
        assertDeparted(room, bot.participant());
    }

    @Test
    void everybodyInACompletedRoomIsFoundAndListedAtOnce() {
        String room = createdRoom();
        String gone = join("gone", room).participant();
        rest.disconnect(room, gone);
        List<String> all = new ArrayList<>(List.of(gone));
        for (int i = 0; i < 4; i++) {
            all.add(join("there-" + i, room).participant());
        }

        rest.completeRoom(room);

        all.forEach(participant -> assertDeparted(room, participant));
        assertThat(sids(rest.participants(room))).containsExactlyInAnyOrderElementsOf(all);
        assertThat(rest.tryParticipant(room, "PA" + "0".repeat(32)).status()).isEqualTo(404);
    }

    @Test
    void anAnonymizedParticipantIsAnonymousAtOnce() {
        String room = createdRoom();
        for (int i = 0; i < 5; i++) {
            String participant = join("secret", room).participant();
            rest.disconnect(room, participant);

            assertThat(rest.anonymize(room, participant).path("identity").asText())
                    .isEqualTo(participant);

            assertThat(rest.tryParticipant(room, participant)
                            .body()
                            .path("identity")
                            .asText())
                    .isEqualTo(participant);
            assertThat(rest.departed(room, "&Identity=secret")).isEmpty();
        }
        String last = join("secret", room).participant();
        rest.completeRoom(room);
        rest.anonymize(room, last);
        assertThat(rest.participants(room).findValuesAsText("identity"))
                .hasSize(6)
                .contains(last)
                .doesNotContain("secret");
    }

    @Test
    void subscribeRulesAreReadBackAtOnce() {
        String room = createdRoom();
        String participant = join("alice", room).participant();
        assertThat(rest.subscribeRules(room, "alice").path("date_created").isNull())
                .isTrue();

        JsonNode changed = rest.subscribeRules(room, participant, "[{\"type\":\"include\",\"track\":\"screen\"}]");

        assertThat(rest.subscribeRules(room, "alice")).isEqualTo(changed);
        assertThat(changed.path("rules").path(0).path("track").asText()).isEqualTo("screen");
    }

    /** An ad-hoc room ends when its last participant leaves. The list of completed rooms then contains it at once. */
    @Test
    void anAdHocRoomWhoseLastParticipantIsRemovedIsCompletedAtOnce() {
        SignalingBot bot = join("last", node.freshRoom());

        rest.disconnect(bot.room(), bot.participant());

        assertThat(rest.room(bot.room()).path("status").asText()).isEqualTo("completed");
        assertThat(sids(rest.rooms("completed"))).contains(bot.room());
        assertDeparted(bot.room(), bot.participant());
    }

    /** The list of departed participants takes some records from the room and the others from the tables. */
    @Test
    void pagesHaveEachDepartedParticipantOnce() {
        String room = createdRoom();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(0, join("paged-" + i, room).participant());
            rest.disconnect(room, all.get(0));
        }

        List<String> listed = new ArrayList<>();
        for (JsonNode page : rest.pages("/v1/Rooms/" + room + "/Participants?Status=disconnected&PageSize=3")) {
            listed.addAll(sids(page.get("participants")));
        }

        assertThat(listed).isEqualTo(all); // The newest participant is first.
    }

    private static String createdRoom() {
        return rest.createRoom(node.freshRoom(), java.util.Map.of()).path("sid").asText();
    }

    private static SignalingBot join(String identity, String room) {
        return SignalingBot.join(gateway, identity, room);
    }

    private static void assertDeparted(String room, String participant) {
        Rest.Answer answer = rest.tryParticipant(room, participant);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("status").asText()).isEqualTo("disconnected");
        assertThat(answer.body().path("end_time").asText()).isNotEmpty();
        assertThat(sids(rest.departed(room, ""))).contains(participant);
    }

    private static List<String> sids(JsonNode records) {
        return records.findValuesAsText("sid");
    }
}
