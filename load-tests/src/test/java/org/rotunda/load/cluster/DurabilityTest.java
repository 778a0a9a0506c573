package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.browser.CallPage;
import org.rotunda.load.browser.CallWatch;
import org.rotunda.load.browser.Chromium;
import org.rotunda.load.browser.ChromiumExtension;
import org.rotunda.load.browser.GroupCall;
import org.rotunda.load.browser.Tracks;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;

/**
 * Tests that acknowledged changes survive {@code kill -9} of the only process, which uses the embedded database. Calls
 * must resume by themselves.
 */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class DurabilityTest {
    private static final int KILLS = 20;
    /**
     * The longest delay from the last acknowledgement to the kill. The process is then dead within 100 ms of the
     * acknowledgement.
     */
    private static final int KILL_AFTER_MS_MAX = 80;

    /**
     * The longest allowed time until a session is resumed. It is long, because the SDK tries again at growing
     * intervals.
     */
    private static final Duration RECONNECT_MAX = Duration.ofSeconds(90);

    private static final Duration RESTART_MAX = Duration.ofSeconds(10);
    // The time after which a room that nobody has joined is completed. The API allows no shorter time.
    private static final Duration UNUSED_MAX = Duration.ofMinutes(1);
    private static final String IN_PROGRESS = "in-progress";

    private final Random random = new Random(System.nanoTime());
    private final List<Long> startsMs = new ArrayList<>();
    private final List<Long> backMs = new ArrayList<>();
    private DevRig rig;
    private GroupCall call;
    /** The acknowledged status of the call's room and of each room created through REST, by the SID of the room. */
    private final Map<String, String> rooms = new HashMap<>();

    @BeforeEach
    void call(Chromium chromium) throws IOException {
        rig = DevRig.start("durability", Map.of("rotunda.rooms.session-timeout", "180s"), chromium);
        List<CallPage> pages = List.of(rig.page("alice"), rig.page("bob"));
        pages.forEach(CallWatch::prepare);
        call = GroupCall.join(pages, "call", 320, 180, 15, Map.of());
        call.awaitFlowing();
        rooms.put(call.room(), IN_PROGRESS);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void acknowledgedChangesSurviveAKill() {
        killAndCompare();
        killAndCompare();
        report();
    }

    @Test
    @Tag("long")
    void acknowledgedChangesSurviveTwentyKills() {
        for (int i = 0; i < KILLS; i++) {
            killAndCompare();
        }
        report();
        assertThat(startsMs)
                .allSatisfy(each -> assertThat(Duration.ofMillis(each)).isLessThanOrEqualTo(RESTART_MAX));
    }

    @Test
    @Tag("long")
    void anUnusedRoomThatExpiresWhileTheNodeIsDownIsCompleted() {
        String unused = sid(rig.rest().createRoom("unused", Map.of("UnusedRoomTimeout", "1")));
        String kept = sid(rig.rest().createRoom("kept", Map.of("UnusedRoomTimeout", "60")));
        Instant due = Instant.now().plus(UNUSED_MAX);
        Await.until(
                "the last seconds before the timeout",
                UNUSED_MAX.plusSeconds(5),
                () -> Instant.now().isAfter(due.minusSeconds(3)));
        assertThat(rig.rest().room(unused).get("status").asText()).isEqualTo(IN_PROGRESS);

        rig.node().kill();
        Await.until("the timeout to pass", UNUSED_MAX, () -> Instant.now().isAfter(due));
        rig.node().start().awaitReady(DevProcess.START);

        Rest rest = rig.rest();
        Await.until(
                "the expired room to be completed",
                CallPage.PATIENCE,
                () -> rest.room(unused).get("status").asText().equals("completed"));
        assertThat(rest.room(kept).get("status").asText()).isEqualTo(IN_PROGRESS);
    }

    /**
     * Makes changes, kills the node within 100 ms of the last acknowledgement, restarts the node, and asserts that
     * every acknowledged change is still there.
     */
    private void killAndCompare() {
        int round = startsMs.size() + 1;
        Rest rest = rig.rest();
        rooms.put(sid(rest.createRoom("created-" + round, Map.of("UnusedRoomTimeout", "60"))), IN_PROGRESS);
        String over = sid(rest.createRoom("over-" + round, Map.of()));
        rest.completeRoom(over);
        rooms.put(over, "completed");
        try (SignalingBot bot = SignalingBot.join(rig.address(), "bot", "bots-" + round)) {
            for (CallPage page : call.pages()) {
                if (round > 1) {
                    page.evaluate("name => call.unpublish(name)", "extra-" + (round - 1));
                }
                page.evaluate("wanted => call.publish(wanted)", extra(round));
            }
            LockSupport.parkNanos(
                    Duration.ofMillis(random.nextInt(KILL_AFTER_MS_MAX)).toNanos());
            rig.node().kill();
            Instant killed = Instant.now();

            rig.node().start().awaitReady(DevProcess.START);

            startsMs.add(Duration.between(killed, Instant.now()).toMillis());
            assertRoomsAreThere(bot);
            assertThat(rig.rest().participants(bot.room()))
                    .extracting(participant -> participant.get("sid").asText())
                    .containsExactly(bot.participant());
            call.pages().forEach(page -> page.awaitEvents("reconnected", round, RECONNECT_MAX));
            assertCallIsAsItWas();
            backMs.add(Duration.between(killed, Instant.now()).toMillis());
        }
    }

    private static Map<String, Object> extra(int round) {
        String name = "extra-" + round;
        return round % 2 == 0 ? Tracks.data(name) : Tracks.microphone(name);
    }

    private void assertRoomsAreThere(SignalingBot bot) {
        Map<String, String> found = new HashMap<>();
        for (String status : List.of(IN_PROGRESS, "completed")) {
            for (JsonNode room : rig.rest().rooms(status)) {
                assertThat(found.put(sid(room), status))
                        .as("listed twice: %s", room)
                        .isNull();
            }
        }
        // Of the bots' rooms, only the latest is checked. Earlier bots do not come back, so their rooms may have ended.
        assertThat(found).containsAllEntriesOf(rooms).containsEntry(bot.room(), IN_PROGRESS);
        rooms.forEach(
                (room, status) -> assertThat(rig.rest().room(room).get("status").asText())
                        .as(room)
                        .isEqualTo(status));
    }

    /**
     * Asserts that REST and the two pages agree on the SIDs of the participants, that each page shows the SIDs of the
     * other page's tracks, and that media and messages pass.
     */
    private void assertCallIsAsItWas() {
        Map<String, List<String>> published = new HashMap<>();
        for (CallPage page : call.pages()) {
            published.put(
                    (String) page.evaluate("() => call.room.localParticipant.sid"),
                    CallPage.castList(page.evaluate("() => call.localTracks().map(track => track.track)")));
        }
        assertThat(rig.rest().participants(call.room()))
                .extracting(participant -> participant.get("sid").asText())
                .containsExactlyInAnyOrderElementsOf(published.keySet());
        // Each page shows what the room has sent about the other participant after the restart.
        for (CallPage page : call.pages()) {
            page.await(
                    "the same participants and tracks, all subscribed",
                    "published => { const others = call.participants(); return others.length === 1 && others.every(one"
                            + " => published[one.sid] && one.tracks.every(track => track.subscribed) &&"
                            + " one.tracks.map(track => track.sid).sort().join() ==="
                            + " [...published[one.sid]].sort().join()); }",
                    published);
            page.evaluate("() => { window.then = null; }");
        }
        for (CallPage page : call.pages()) {
            assertThat(page.eventNames()).doesNotContain("disconnected", "participantDisconnected");
            page.await("moving pictures", """
                async () => {
                  const videos = (await call.mediaStats()).filter(one => one.kind === 'video');
                  const now = Object.fromEntries(videos.map(one => [one.track, one.framesDecoded]));
                  // A new connection counts from zero.
                  if (!window.then || videos.some(one => !(now[one.track] >= window.then[one.track]))) window.then = now;
                  return videos.length > 0 && videos.every(one => now[one.track] >= window.then[one.track] + 10);
                }
                """);
        }
        call.assertMessagesArriveInOrder();
    }

    private void report() {
        System.out.printf(
                "kill -9 of dev: %d times; ms from the kill to ready min/median/max %s, to the call as it was %s%n",
                startsMs.size(),
                CallWatch.summary(startsMs, Long::doubleValue),
                CallWatch.summary(backMs, Long::doubleValue));
    }

    private static String sid(JsonNode resource) {
        return resource.get("sid").asText();
    }
}
