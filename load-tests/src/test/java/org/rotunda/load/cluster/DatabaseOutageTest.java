package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
import org.rotunda.load.testkit.Await;
import org.rotunda.media.control.LayerLimit;

/**
 * Tests a call during which the database is down for half a minute. Participants in the call are not disturbed, and a
 * new participant waits. Changes during the outage take effect afterwards.
 */
@Tag("browser")
@Tag("long")
@ExtendWith(ChromiumExtension.class)
class DatabaseOutageTest {
    private static final Duration AWAY = Duration.ofSeconds(30);
    private static final Duration SUCCEEDS_MAX = Duration.ofMinutes(1);
    /**
     * The longest allowed pause of video. The pauses on a busy machine are shorter. A call whose media is interrupted
     * and recovers has a longer pause.
     */
    private static final double PAUSE_MS_MAX = 2_000;

    private static final String RATE = """
        async track => {
          const look = async () => (await call.mediaStats()).find(one => one.track === track).framesDecoded;
          const began = performance.now(), first = await look();
          await new Promise(resolve => setTimeout(resolve, 2000));
          return (await look() - first) * 1000 / (performance.now() - began);
        }
        """;

    private ClusterRig rig;
    private @Nullable RoomDoor door;
    private GroupCall call;

    @BeforeEach
    void call(Chromium chromium) {
        rig = ClusterRig.fiveProcesses("database-outage").start(chromium);
        door = RoomDoor.into(rig);
        List<CallPage> pages =
                List.of(rig.page("alice", "gateway-1"), rig.page("bob", "gateway-2"), rig.page("carol", "gateway-1"));
        pages.forEach(CallWatch::prepare);
        call = GroupCall.join(pages, rig.freshRoom(), 320, 180, 15, Map.of("preferredVideoCodecs", "auto"));
        call.awaitFlowing();
    }

    @AfterEach
    void end() {
        if (door != null) {
            door.close();
        }
        rig.close();
    }

    @Test
    void theCallGoesOnAndNothingIsLostOrDoubled() {
        RoomDoor into = Objects.requireNonNull(door);
        CallPage alice = call.pages().get(0);
        CallPage bob = call.pages().get(1);
        CallPage carol = call.pages().get(2);
        CallWatch watch = CallWatch.begin(call);
        String bobSid = sid(bob);
        String camera = alice.ownTrackSid("camera");
        String microphone = bob.ownTrackSid("microphone");
        String carolSid = sid(carol);
        Map<String, Boolean> carolBefore = own(carol);
        String carolsCamera = carol.ownTrackSid("camera");
        watch.mark();

        long began = System.nanoTime();
        rig.postgres().stop();
        Await.until(
                "the gateways to miss the database",
                CallPage.PATIENCE,
                () -> rig.gateways().stream().allMatch(node -> node.metrics().sum("rotunda_database_up") == 0));
        CallPage dave = rig.page("dave", "gateway-2");
        dave.startJoin(call.roomName(), GroupCall.everything("dave", 320, 180, 15), Map.of());
        alice.evaluate("() => call.enable('camera', false)");
        bob.evaluate("() => call.unpublish('microphone')");
        watch.assertMessagesPass();
        double full = framesPerSecond(bob, carolsCamera);
        into.limitLayers(call.room(), bobSid, carolsCamera, new LayerLimit(LayerLimit.NONE.spatialMax(), 0));
        awaitRate(bob, carolsCamera, 0.75 * full, false);
        double limited = framesPerSecond(bob, carolsCamera);
        into.limitLayers(call.room(), bobSid, carolsCamera, LayerLimit.NONE);
        awaitRate(bob, carolsCamera, 0.75 * full, true);
        dave.await(
                "busy", "() => call.frames.some(line => line.includes(' < ') && line.includes('\"type\":\"busy\"'))");
        Await.until("the outage to last", AWAY.multipliedBy(2), () -> System.nanoTime() - began > AWAY.toNanos());
        watch.assertMessagesPass();
        List<CallWatch.Gap> pauses = watch.gaps();
        rig.postgres().start();
        long back = System.nanoTime();

        dave.awaitJoined(SUCCEEDS_MAX);
        double joinedAfter = (System.nanoTime() - back) / 1e9;
        for (CallPage page : List.of(bob, carol)) {
            page.awaitTrackEvent("trackDisabled", camera);
        }
        for (CallPage page : List.of(alice, carol)) {
            page.awaitTrackEvent("trackUnpublished", microphone);
        }
        System.out.printf(
                "database away %.1f s: longest pause of video %s %s, frames/s of a layer request %.1f to %.1f,"
                        + " join succeeded %.1f s after it was back, changes held after %.1f s%n",
                (back - began) / 1e9,
                CallWatch.summary(pauses, CallWatch.Gap::milliseconds),
                pauses,
                full,
                limited,
                joinedAfter,
                (System.nanoTime() - back) / 1e9);

        dave.awaitEvents("trackSubscribed", 3 + 2 + 3);
        call.pages().forEach(page -> page.awaitEvents("participantConnected", page == alice ? 3 : page == bob ? 2 : 1));
        List<CallPage> everybody = List.of(alice, bob, carol, dave);
        Map<String, Map<String, Boolean>> expected = new TreeMap<>();
        everybody.forEach(page -> expected.put(sid(page), own(page)));
        assertThat(expected.get(bobSid)).doesNotContainKey(microphone);
        assertThat(expected.get(sid(alice))).containsEntry(camera, false);
        assertThat(expected.get(carolSid)).isEqualTo(carolBefore);
        // Dave joined after the outage, so his page shows what the room holds now. The other pages may show what they
        // remember.
        for (CallPage page : everybody) {
            Map<String, Map<String, Boolean>> others = new TreeMap<>(expected);
            others.remove(sid(page));
            assertThat(seenBy(page)).as(page.identity()).isEqualTo(others);
        }
        for (NodeProcess gateway : rig.gateways()) {
            List<String> listed = new ArrayList<>();
            rig.restOf(gateway.name())
                    .participants(call.room())
                    .forEach(one -> listed.add(one.get("sid").asText()));
            assertThat(listed).as(gateway.name()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        }
        for (CallPage page : call.pages()) {
            assertThat(page.errors()).isEmpty();
            assertThat(page.eventNames())
                    .doesNotContain(
                            "reconnecting",
                            "disconnected",
                            "participantReconnecting",
                            "participantDisconnected",
                            "trackPublicationFailed");
        }
        for (CallPage page : List.of(bob, carol)) {
            assertThat(times(page, "trackDisabled", camera)).isEqualTo(1);
        }
        for (CallPage page : List.of(alice, carol)) {
            assertThat(times(page, "trackUnpublished", microphone)).isEqualTo(1);
        }
        call.pages()
                .forEach(page -> assertThat(page.events())
                        .filteredOn(event -> "participantConnected".equals(event.get("name")))
                        .filteredOn(event -> sid(dave).equals(event.get("participant")))
                        .hasSize(1));
        assertThat(rig.nodes()).allMatch(NodeProcess::isAlive);
        assertThat(pauses).allSatisfy(pause -> assertThat(pause.milliseconds()).isLessThanOrEqualTo(PAUSE_MS_MAX));
    }

    /** Returns whether the tracks that a page publishes are enabled, by the SID of the track. */
    private static Map<String, Boolean> own(CallPage page) {
        return new TreeMap<>(CallPage.<Map<String, Object>>castList(page.evaluate("""
            () => [...call.room.localParticipant.tracks.values()]
              .map(one => ({ sid: one.trackSid, enabled: one.isTrackEnabled }))
            """)).stream()
                .collect(Collectors.toMap(
                        one -> CallPage.text(one, "sid"), one -> Boolean.TRUE.equals(one.get("enabled")))));
    }

    /** Returns the tracks of the other participants as a page sees them. Fails if the page sees a participant twice. */
    private static Map<String, Map<String, Boolean>> seenBy(CallPage page) {
        return new TreeMap<>(CallPage.<Map<String, Object>>castList(page.evaluate("() => call.participants()")).stream()
                .collect(Collectors.toMap(one -> CallPage.text(one, "sid"), DatabaseOutageTest::tracksOf)));
    }

    private static Map<String, Boolean> tracksOf(Map<String, Object> participant) {
        return new TreeMap<>(
                CallPage.<Map<String, Object>>castList(Objects.requireNonNull(participant.get("tracks"))).stream()
                        .collect(Collectors.toMap(
                                one -> CallPage.text(one, "sid"), one -> Boolean.TRUE.equals(one.get("enabled")))));
    }

    private static String sid(CallPage page) {
        return (String) page.evaluate("() => call.room.localParticipant.sid");
    }

    private static long times(CallPage page, String event, String track) {
        return page.events().stream()
                .filter(one -> event.equals(one.get("name")) && track.equals(one.get("track")))
                .count();
    }

    /** Measures the rate of decoded frames over two seconds of the page's clock. */
    private static double framesPerSecond(CallPage page, String track) {
        return ((Number) page.evaluate(RATE, track)).doubleValue();
    }

    private static void awaitRate(CallPage page, String track, double bound, boolean above) {
        page.await(
                "frames at a rate " + (above ? "above " : "below ") + bound,
                "async ([track, bound, above]) => { const rate = await (" + RATE
                        + ")(track); return above ? rate > bound : rate < bound; }",
                List.of(track, bound, above));
    }
}
