package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.data;
import static org.rotunda.load.browser.Tracks.microphone;
import static org.rotunda.load.browser.Tracks.unreliableData;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests three clients with the stock SDK in one ad-hoc group room. The clients exchange media and data and get the
 * events that applications rely on.
 */
@Tag("browser")
@ExtendWith(RigExtension.class)
class GroupCallTest {
    private static final List<String> NAMES = List.of("alice", "bob", "carol");

    /** The video options with which pages join. */
    enum VideoMode {
        PLAIN(Map.of()),
        VP8_SIMULCAST(Map.of("preferredVideoCodecs", List.of(Map.of("codec", "VP8", "simulcast", true)))),
        AUTO(Map.of("preferredVideoCodecs", "auto")),
        H264(Map.of("preferredVideoCodecs", List.of("H264")));

        @SuppressWarnings("ImmutableEnumChecker") // All values are made by Map.of.
        private final Map<String, Object> options;

        VideoMode(Map<String, Object> options) {
            this.options = options;
        }
    }

    @ParameterizedTest
    @EnumSource(VideoMode.class)
    void everybodySeesHearsAndReadsEverybody(VideoMode mode, Rig rig) {
        GroupCall call = call(rig, mode);
        List<CallPage> pages = call.pages();

        call.awaitFlowing();
        for (CallPage page : pages) {
            assertThat(subscribedKinds(page))
                    .containsExactlyInAnyOrder("audio", "audio", "video", "video", "data", "data");
        }
        call.assertEverybodySeesHearsAndReadsEverybody(8);
        if (mode == VideoMode.H264) {
            assertThat(pages.get(0).evaluate("() => call.codecs()")).isEqualTo(List.of("video/H264"));
        }
    }

    @Test
    void unreliableDataTracksKeepTheirParametersAndDeliver(Rig rig) {
        String room = rig.freshRoom();
        CallPage alice = rig.page("alice");
        CallPage bob = rig.page("bob");
        alice.join(room, List.of(unreliableData("fast")), Map.of());
        bob.join(room, List.of(), Map.of());

        bob.awaitEvents("trackSubscribed", 1);
        // Bob's data channel may open a moment after trackSubscribed. Messages that are sent before it opens are lost.
        bob.await(
                "a data channel that does not repeat",
                "() => [...call.room.participants.values()].some(one => [...one.dataTracks.values()].some(publication"
                        + " => publication.track && publication.track.maxRetransmits === 0 &&"
                        + " !publication.track.ordered))");
        for (int i = 0; i < 20; i++) {
            alice.evaluate("n => call.send('fast', 'm' + n)", i);
        }
        bob.await(
                "messages on the unreliable track",
                "() => Object.values(call.messages).some(list => list.length >= 15)");
    }

    @Test
    void muteUnpublishRepublishAndASecondCameraRaiseTheRightEvents(Rig rig) {
        List<CallPage> pages = call(rig, VideoMode.PLAIN).pages();
        pages.forEach(page -> page.awaitEvents("trackSubscribed", 6));
        CallPage alice = pages.get(0);
        List<CallPage> others = pages.subList(1, 3);
        String camera = alice.ownTrackSid("camera");

        alice.evaluate("() => call.enable('camera', false)");
        others.forEach(page -> page.awaitTrackEvent("trackDisabled", camera));
        alice.evaluate("() => call.enable('camera', true)");
        others.forEach(page -> page.awaitTrackEvent("trackEnabled", camera));

        alice.evaluate("() => call.unpublish('camera')");
        others.forEach(page -> {
            page.awaitTrackEvent("trackUnsubscribed", camera);
            page.awaitTrackEvent("trackUnpublished", camera);
        });

        String again = (String) alice.evaluate("wanted => call.publish(wanted)", camera("camera"));
        assertThat(again).startsWith("MT").isNotEqualTo(camera);
        others.forEach(page -> {
            page.awaitTrackEvent("trackPublished", again);
            page.awaitTrackEvent("trackSubscribed", again);
            MediaExpectations.awaitDecoding(page, again);
        });

        String second = (String) alice.evaluate("wanted => call.publish(wanted)", camera("second"));
        others.forEach(page -> {
            page.awaitTrackEvent("trackSubscribed", second);
            MediaExpectations.awaitDecoding(page, second);
            MediaExpectations.awaitDecoding(page, again);
        });
        pages.forEach(page -> assertThat(page.errors()).isEmpty());
    }

    @Test
    void everybodySeesAParticipantJoinLateLeaveAndJoinAgain(Rig rig) {
        GroupCall call = call(rig, VideoMode.PLAIN);
        List<CallPage> pages = call.pages();
        String room = call.roomName();
        pages.forEach(page -> page.awaitEvents("trackSubscribed", 6));

        CallPage dave = rig.page("dave");
        String daveSid = CallPage.text(dave.join(room, everything("dave"), Map.of()), "participant");
        dave.awaitEvents("trackSubscribed", 9);
        for (CallPage page : pages) {
            awaitParticipantEvent(page, "participantConnected", daveSid);
            page.awaitEvents("trackSubscribed", 9);
        }
        MediaExpectations.awaitFlowing(dave, 6);

        dave.evaluate("() => call.leave()");
        for (CallPage page : pages) {
            awaitParticipantEvent(page, "participantDisconnected", daveSid);
            assertThat(page.events().stream()
                            .filter(event -> daveSid.equals(event.get("participant")))
                            .map(event -> event.get("name")))
                    .containsSubsequence("trackSubscribed", "trackUnsubscribed", "participantDisconnected")
                    .doesNotContain("trackUnpublished");
        }

        CallPage again = rig.page("dave");
        String againSid = CallPage.text(again.join(room, everything("dave"), Map.of()), "participant");
        assertThat(againSid).isNotEqualTo(daveSid);
        again.awaitEvents("trackSubscribed", 9);
        for (CallPage page : pages) {
            awaitParticipantEvent(page, "participantConnected", againSid);
            page.awaitEvents("trackSubscribed", 12);
        }
        MediaExpectations.awaitFlowing(again, 6);
        pages.forEach(page -> MediaExpectations.awaitFlowing(page, 6));
    }

    @Test
    void twoPagesPublishTenTracksEachInTheSameTick(Rig rig) {
        String room = rig.freshRoom();
        CallPage alice = rig.page("alice");
        CallPage bob = rig.page("bob");
        alice.join(room, List.of(), Map.of());
        bob.join(room, List.of(), Map.of());
        List<Map<String, Object>> wanted = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            wanted.add(camera("camera-" + i, 320, 180, 10));
            wanted.add(microphone("microphone-" + i));
        }
        wanted.add(data("data-0"));
        wanted.add(data("data-1"));

        // Both pages begin to publish before the test waits for results.
        for (CallPage page : List.of(alice, bob)) {
            page.evaluate("wanted => { window.together = call.publishTogether(wanted); }", wanted);
        }
        Set<Object> sids = new HashSet<>();
        for (CallPage page : List.of(alice, bob)) {
            List<Object> own = CallPage.castList(page.evaluate("() => window.together"));
            assertThat(own).hasSize(10).doesNotHaveDuplicates();
            sids.addAll(own);
        }
        assertThat(sids).hasSize(20);
        for (CallPage page : List.of(alice, bob)) {
            page.awaitEvents("trackSubscribed", 10);
            MediaExpectations.awaitFlowing(page, 8);
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void nothingIsSubscribedWithoutAutomaticSubscription(Rig rig) {
        String room = rig.freshRoom();
        CallPage alice = rig.page("alice");
        alice.join(room, everything("alice"), Map.of());
        CallPage bob = rig.page("bob");
        bob.join(room, List.of(microphone("microphone")), Map.of("automaticSubscription", false));

        alice.awaitEvents("trackSubscribed", 1);
        bob.await(
                "three publications", "() => [...call.room.participants.values()].some(one => one.tracks.size === 3)");
        assertThat(bob.count("trackSubscribed")).isZero();
    }

    // --- what the tests above share
    // -----------------------------------------------------------------------------------

    private static GroupCall call(Rig rig, VideoMode mode) {
        return GroupCall.join(NAMES.stream().map(rig::page).toList(), rig.freshRoom(), 640, 360, 15, mode.options);
    }

    private static List<Map<String, Object>> everything(String name) {
        return GroupCall.everything(name, 640, 360, 15);
    }

    private static List<Object> subscribedKinds(CallPage page) {
        return page.events().stream()
                .filter(event -> "trackSubscribed".equals(event.get("name")))
                .map(event -> event.get("kind"))
                .toList();
    }

    private static void awaitParticipantEvent(CallPage page, String name, String participantSid) {
        page.await(
                name + " of " + participantSid,
                "([name, sid]) => call.events.some(event => event.name === name && event.participant === sid)",
                List.of(name, participantSid));
    }
}
