package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.data;
import static org.rotunda.load.browser.Tracks.microphone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests what applications notice when rules are switched over REST during a call, and in an audio-only room. */
@Tag("browser")
@ExtendWith(RigExtension.class)
class RulesTest {
    private static final String EVERYTHING = "[{\"type\":\"include\",\"all\":true}]";
    private static final String NOTHING = "[{\"type\":\"exclude\",\"all\":true}]";
    private static final int KIND_NOT_SUPPORTED = 53125;

    @Test
    void tracksLeaveAndComeBackOnTheSubscribersPageAlone(Rig rig) {
        GroupCall call = GroupCall.join(
                List.of(rig.page("alice"), rig.page("bob"), rig.page("carol")),
                rig.freshRoom(),
                320,
                180,
                15,
                Map.of());
        call.awaitFlowing();
        CallPage alice = call.pages().get(0);
        CallPage carol = call.pages().get(2);
        String camera = alice.ownTrackSid("camera");
        String chat = alice.ownTrackSid(GroupCall.dataTrack("alice"));

        JsonNode rules = rig.rest().subscribeRules(call.roomName(), "carol", """
                        [{"type":"include","all":true},{"type":"exclude","publisher":"alice","kind":"video"},
                         {"type":"exclude","track":"%s"}]""".formatted(chat));

        assertThat(rules.path("rules")).hasSize(3);
        carol.awaitTrackEvent("trackUnsubscribed", camera);
        carol.awaitTrackEvent("trackUnsubscribed", chat);
        MediaExpectations.awaitFlowing(carol, 3);
        assertThat(rig.rest().subscribedTracks(call.roomName(), "carol").findValuesAsText("sid"))
                .hasSize(4)
                .doesNotContain(camera, chat);

        for (int times = 2; times <= 3; times++) {
            rig.rest().subscribeRules(call.roomName(), "carol", EVERYTHING);
            awaitSubscribed(carol, camera, times);
            awaitSubscribed(carol, chat, times);
            MediaExpectations.awaitFlowing(carol, 4);
            // Carol's data channel may open a moment after trackSubscribed, so Alice repeats her message.
            alice.evaluate(
                    "([name, text]) => { window.sender = setInterval(() => call.send(name, text), 100); }",
                    GroupCall.dataTrack("alice"),
                    "hello " + times);
            carol.await(
                    "a message of alice",
                    "([sid, text]) => call.messages[sid].includes(text)",
                    List.of(chat, "hello " + times));
            alice.evaluate("() => clearInterval(window.sender)");
            rig.rest().subscribeRules(call.roomName(), "carol", NOTHING);
            carol.awaitEvents("trackUnsubscribed", 2 + 6 * (times - 1));
        }

        for (CallPage page : call.pages()) {
            assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
            assertThat(page.eventNames())
                    .doesNotContain("trackUnpublished", "trackSubscriptionFailed", "reconnecting", "disconnected");
        }
        assertThat(alice.count("trackUnsubscribed")).isZero();
    }

    @Test
    void rulesGiveTracksToAPageWithoutAutomaticSubscription(Rig rig) {
        String room = rig.freshRoom();
        CallPage alice = rig.page("alice");
        alice.join(room, List.of(microphone("microphone"), camera("camera", 320, 180, 15)), Map.of());
        CallPage bob = rig.page("bob");
        bob.join(room, List.of(), Map.of("automaticSubscription", false));
        String camera = alice.ownTrackSid("camera");

        rig.rest().subscribeRules(room, "bob", "[{\"type\":\"include\",\"priority\":\"high\"}]");
        alice.evaluate("() => { call.local('camera').setPriority('high'); }");

        bob.awaitTrackEvent("trackSubscribed", camera);
        MediaExpectations.awaitDecoding(bob, camera);
        assertThat(bob.count("trackSubscribed")).isEqualTo(1);
        alice.evaluate("() => { call.local('camera').setPriority('low'); }");
        bob.awaitTrackEvent("trackUnsubscribed", camera);
        assertThat(bob.errors()).isEmpty();
    }

    @Test
    void anAudioOnlyRoomRefusesVideo(Rig rig) {
        String room = rig.freshRoom();
        JsonNode created = rig.rest().createRoom(room, Map.of("AudioOnly", "true"));
        assertThat(created.path("video_codecs")).isEmpty();
        CallPage alice = rig.page("alice");
        alice.join(room, List.of(camera("camera"), microphone("microphone"), data("chat")), Map.of());
        CallPage bob = rig.page("bob");
        bob.join(room, List.of(), Map.of());

        alice.await(
                "the failure of the camera",
                "code => call.events.some(event => event.name === 'trackPublicationFailed' && event.trackName ==="
                        + " 'camera' && event.code === code)",
                KIND_NOT_SUPPORTED);
        bob.awaitEvents("trackSubscribed", 2);
        MediaExpectations.awaitFlowing(bob, 1);
        assertThat(alice.evaluate(
                        "track => call.publish(track).then(() => 'published', error => error.code)",
                        camera("later", 320, 180, 10)))
                .isEqualTo(KIND_NOT_SUPPORTED);
        alice.evaluate("() => { window.sender = setInterval(() => call.send('chat', 'hello'), 100); }");
        bob.await("a message", "() => Object.values(call.messages).some(list => list.includes('hello'))");
        for (CallPage page : List.of(alice, bob)) {
            assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
            assertThat(page.eventNames()).doesNotContain("reconnecting", "disconnected");
        }
        assertThat(bob.count("trackPublished")).isZero();
    }

    /** The node of these tests runs in dev mode, where recording is simulated. */
    @Test
    void aSimulatedRecordingIsAnnounced(Rig rig) {
        String room = rig.freshRoom();
        CallPage alice = rig.page("alice");
        alice.join(room, List.of(microphone("microphone")), Map.of());

        rig.rest().recordingRules(room, EVERYTHING);
        alice.awaitEvents("recordingStarted", 1);
        CallPage bob = rig.page("bob");
        bob.join(room, List.of(), Map.of());
        assertThat(bob.evaluate("() => call.room.isRecording")).isEqualTo(true);

        alice.evaluate("() => call.unpublish('microphone')");
        alice.awaitEvents("recordingStopped", 1);
        bob.awaitEvents("recordingStopped", 1);
        alice.evaluate("wanted => call.publish(wanted)", microphone("again"));
        bob.awaitEvents("recordingStarted", 1);
        rig.rest().recordingRules(room, NOTHING);
        bob.awaitEvents("recordingStopped", 2);
        assertThat(alice.count("recordingStarted")).isEqualTo(2);
        assertThat(alice.count("recordingStopped")).isEqualTo(2);
    }

    private static void awaitSubscribed(CallPage page, String track, int times) {
        page.await(
                times + " subscriptions to " + track,
                "([track, times]) => call.events.filter(event => event.name === 'trackSubscribed' && event.track ==="
                        + " track).length >= times",
                List.of(track, times));
    }
}
