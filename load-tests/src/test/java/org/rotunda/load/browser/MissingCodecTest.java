package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.data;
import static org.rotunda.load.browser.Tracks.microphone;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests a browser without H.264 in a room that allows only H.264. The browser has sound and data, and is told why it
 * has no video.
 */
@Tag("browser")
@ExtendWith(RigExtension.class)
class MissingCodecTest {
    private static final int NO_SUPPORTED_CODEC = 53404;

    /**
     * An error of the SDK that does no harm. The SDK removes the sender of a track whose publication failed. If the
     * browser has already applied our answer, which refuses the m-line of that track, the sender is gone and the browser
     * throws this error.
     */
    private static final String SENDER_IS_GONE = "The sender was not created by this peer connection";

    /** Leaves H.264 out of everything that the page's connections offer and answer. */
    private static final String WITHOUT_H264 = """
            () => {
              const codecs = RTCRtpReceiver.getCapabilities('video').codecs.filter(codec => !/h264/i.test(codec.mimeType));
              for (const name of ['createOffer', 'createAnswer']) {
                const original = RTCPeerConnection.prototype[name];
                RTCPeerConnection.prototype[name] = function (...args) {
                  this.getTransceivers()
                    .filter(one => one.currentDirection !== 'stopped' && one.receiver.track.kind === 'video')
                    .forEach(one => one.setCodecPreferences(codecs));
                  return original.apply(this, args);
                };
              }
            }
            """;

    /** If the camera is the first track, its m-line comes first and is therefore the tagged m-line of the bundle. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hasSoundAndDataAndHearsWhyItHasNoVideo(boolean isVideoFirst, Rig rig) {
        String room = rig.freshRoom();
        rig.rest().createRoom(room, Map.of("VideoCodecs", "H264"));
        CallPage bob = rig.page("bob");
        bob.join(room, List.of(microphone("microphone"), camera("camera"), data("data of bob")), Map.of());
        CallPage alice = rig.page("alice");
        alice.evaluate(WITHOUT_H264);
        alice.join(
                room,
                isVideoFirst
                        ? List.of(camera("camera"), microphone("microphone"), data("data of alice"))
                        : List.of(microphone("microphone"), camera("camera"), data("data of alice")),
                Map.of());

        awaitFailure(alice, "trackPublicationFailed", "camera");
        awaitFailure(alice, "trackSubscriptionFailed", "camera");
        awaitSound(alice);
        awaitSound(bob);
        exchange(alice, "data of alice", bob);
        exchange(bob, "data of bob", alice);
        bob.await(
                "Alice's sound and data alone",
                "() => call.participants()[0].tracks.map(track => track.kind).sort().join() === 'audio,data'");

        assertThat(alice.evaluate(
                        "track => call.publish(track).then(() => 'published', error => error.code)",
                        camera("second camera", 320, 180, 10)))
                .isEqualTo(NO_SUPPORTED_CODEC);
        exchange(alice, "data of alice", bob);
        for (CallPage page : List.of(alice, bob)) {
            assertThat(page.eventNames()).doesNotContain("reconnecting", "disconnected");
            assertThat(page.errors())
                    .as("%s's page", page.identity())
                    .filteredOn(error -> !error.contains(SENDER_IS_GONE))
                    .isEmpty();
        }
    }

    private static void awaitFailure(CallPage page, String event, String trackName) {
        page.await(
                event + " of " + trackName,
                "([name, track, code]) => call.events.some(event =>"
                        + " event.name === name && event.trackName === track && event.code === code)",
                List.of(event, trackName, NO_SUPPORTED_CODEC));
    }

    private static void awaitSound(CallPage page) {
        page.await(
                "sound of the other page",
                "async () => (await call.mediaStats()).some(one => one.kind === 'audio' && one.audioEnergy > 0)");
    }

    private static void exchange(CallPage from, String track, CallPage to) {
        to.evaluate("() => { Object.values(call.messages).forEach(list => list.length = 0); }");
        from.evaluate("name => call.send(name, 'hello')", track);
        to.await("a message on " + track, "() => Object.values(call.messages).some(list => list.includes('hello'))");
    }
}
