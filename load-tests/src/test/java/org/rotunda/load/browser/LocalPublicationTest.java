package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.data;
import static org.rotunda.load.browser.Tracks.microphone;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the events for tracks that an application gives to {@code connect()}. The vendor's guide for data tracks says
 * that an application must wait for {@code trackPublished} on the local participant before it sends. The test page
 * listens for this event as soon as {@code connect()} resolves.
 */
@Tag("browser")
@ExtendWith(RigExtension.class)
class LocalPublicationTest {
    private static final String CANVAS_THEN_CAMERA = """
        async () => {
          const stream = document.createElement('canvas').captureStream(5); // Nothing is drawn on it.
          const canvas = new Twilio.Video.LocalVideoTrack(stream.getVideoTracks()[0], { name: 'canvas' });
          const camera = await Twilio.Video.createLocalVideoTrack({ name: 'cam', width: 640, height: 360 });
          const published = [];
          for (const track of [canvas, camera]) {
            published.push((await call.room.localParticipant.publishTrack(track)).trackName);
          }
          return published;
        }
        """;

    static Stream<Arguments> options() {
        return Stream.of(
                Arguments.of("servers asked for", Map.of()),
                // With this option the client does not ask for ICE servers, and its hello contains the connect. SDK
                // 2.0.0 to 2.4.0 also need this option, but they send the connect in a separate message.
                Arguments.of("servers named", Map.of("iceServers", List.of())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("options")
    void everyTrackGivenToConnectIsToldOnce(String name, Map<String, Object> options, Rig rig) {
        String room = rig.freshRoom();
        CallPage alice = rig.page("alice");
        alice.join(room, List.of(microphone("mic"), camera("cam"), data("chat")), options);
        alice.awaitEvents("localTrackPublished", 3);

        // A later change of Alice's own tracks must not cause the events again.
        alice.evaluate("() => call.enable('mic', false)");
        CallPage bob = rig.page("bob");
        bob.join(room, List.of(data("chat")), options);
        bob.awaitEvents("trackSubscribed", 3);
        alice.awaitEvents("trackSubscribed", 1);
        alice.evaluate("() => call.send('chat', 'after trackPublished')");
        bob.await(
                "the message",
                "sid => (call.messages[sid] || []).includes('after trackPublished')",
                alice.ownTrackSid("chat"));

        assertThat(names(alice)).containsExactlyInAnyOrder("mic", "cam", "chat");
        assertThat(alice.errors()).isEmpty();
    }

    /** If the server refuses a track, the application gets one event for the refusal. */
    @Test
    void aTrackGivenToConnectThatIsRefusedIsToldOnce(Rig rig) {
        CallPage alice = rig.page("alice");
        alice.join(rig.freshRoom(), List.of(data("twice"), data("twice")), Map.of());

        alice.awaitEvents("localTrackPublished", 1);
        alice.awaitEvents("trackPublicationFailed", 1);

        assertThat(alice.events().stream()
                        .filter(event -> "trackPublicationFailed".equals(event.get("name")))
                        .map(event -> event.get("code")))
                .containsExactly(53304);
    }

    /**
     * SDKs before 2.24.2 fail here with any server (see {@code docs/migration.md}): they compute the layers of the
     * canvas from a size that it does not have yet.
     */
    @Test
    void aCanvasWithoutASizeAndThenACameraArePublished(Rig rig) {
        String room = rig.freshRoom();
        CallPage bob = rig.page("bob");
        bob.join(room, List.of(), Map.of());
        CallPage alice = rig.page("alice");
        alice.join(room, List.of(), Map.of("preferredVideoCodecs", "auto"));

        assertThat(alice.evaluate(CANVAS_THEN_CAMERA)).isEqualTo(List.of("canvas", "cam"));

        bob.awaitEvents("trackSubscribed", 2);
        bob.await("the camera", "async () => (await call.mediaStats()).some(track => track.framesDecoded > 0)");
        assertThat(alice.errors()).isEmpty();
        assertThat(alice.eventNames()).doesNotContain("disconnected");
    }

    private static List<Object> names(CallPage page) {
        return page.events().stream()
                .filter(event -> "localTrackPublished".equals(event.get("name")))
                .map(event -> event.get("trackName"))
                .toList();
    }
}
