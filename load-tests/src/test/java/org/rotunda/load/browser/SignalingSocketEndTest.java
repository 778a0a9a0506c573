package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.microphone;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests how the stock SDK reacts to the close code of its signaling socket, and to a new peer connection after a
 * restart of all nodes. Drain and fail-over depend on these reactions.
 */
@Tag("browser")
@ExtendWith({RigExtension.class, ChromiumExtension.class})
class SignalingSocketEndTest {
    private static final int NORMAL = 1000;
    private static final int INTERNAL_ERROR = 1011;

    @Test
    void aSocketThatFailsIsResumedAndNothingElseHappens(Rig rig) throws IOException {
        try (WebSocketRelay relay = relay(rig)) {
            CallPage alice = join(rig, relay);
            long subscribed = alice.count("trackSubscribed");

            relay.endAll(INTERNAL_ERROR);

            alice.await(
                    "reconnecting, then reconnected",
                    "() => call.events.some(event => event.name === 'reconnecting' && event.code === 53001)"
                            + " && call.events.some(event => event.name === 'reconnected')");
            assertThat(alice.evaluate("() => call.sockets[0].closeEvents[0].code"))
                    .isEqualTo(INTERNAL_ERROR);
            assertThat(alice.evaluate("() => call.room.state")).isEqualTo("connected");
            assertThat(alice.count("trackSubscribed")).isEqualTo(subscribed);
            assertThat(alice.eventNames())
                    .doesNotContain("disconnected", "trackUnsubscribed", "participantDisconnected");
            assertThat(alice.errors()).isEmpty();
        }
    }

    @Test
    void aSocketThatCompletesNormallyEndsTheRoomWithoutError(Rig rig) throws IOException {
        try (WebSocketRelay relay = relay(rig)) {
            CallPage alice = join(rig, relay);

            relay.endAll(NORMAL);

            alice.awaitEvents("disconnected", 1);
            assertThat(alice.events())
                    .filteredOn(event -> "disconnected".equals(event.get("name")))
                    .singleElement()
                    .satisfies(event -> assertThat(event.get("code")).isNull());
            assertThat(alice.evaluate("() => call.room.state")).isEqualTo("disconnected");
            assertThat(alice.eventNames()).doesNotContain("reconnecting");
            assertThat(alice.evaluate("() => call.sockets.length"))
                    .as("sockets")
                    .isEqualTo(1);
            assertThat(alice.errors()).isEmpty();
        }
    }

    @Test
    void aNewConnectionReplacesOneWhoseMediaNodesAreAllGone(Chromium chromium) throws IOException {
        try (Rig own = new Rig(chromium)) {
            String room = own.freshRoom();
            List<Map<String, Object>> tracks = List.of(microphone("microphone"), camera("camera"));
            List<CallPage> pages = List.of(own.page("alice"), own.page("bob"));
            pages.forEach(page -> page.join(room, tracks, Map.of()));
            for (CallPage page : pages) {
                page.awaitEvents("trackSubscribed", 2);
                page.awaitEvents("trackStarted", 2);
            }

            own.restart();

            for (CallPage page : pages) {
                page.awaitEvents("reconnected", 1);
                page.awaitEvents("trackUnsubscribed", 2);
                page.awaitEvents("trackSubscribed", 4);
                page.awaitEvents("trackStarted", 4);
                MediaExpectations.awaitFlowing(page, 2);
                // One message closes the old connection and asks for a new connection. This is the `synced` message, or
                // an `update` if the room learned only after `synced` that the media nodes are gone.
                List<String> frames = CallPage.castList(page.evaluate("() => call.frames"));
                assertThat(frames)
                        .filteredOn(line -> line.contains("\"close\"") && line.contains("\"create-offer\""))
                        .isNotEmpty()
                        .allMatch(line -> line.contains("\"synced\"") || line.contains("\"update\""));
                assertThat(page.evaluate("() => call.connections.map(one => one.connectionState)"))
                        .isEqualTo(List.of("closed", "connected"));
                assertThat(page.eventNames())
                        .doesNotContain("disconnected", "participantDisconnected", "trackUnpublished");
                assertThat(page.errors()).isEmpty();
            }
        }
    }

    private static WebSocketRelay relay(Rig rig) throws IOException {
        URI http = URI.create(rig.node().httpUrl());
        return new WebSocketRelay(http.getHost(), http.getPort());
    }

    /**
     * Starts a call between Alice and Bob and returns Alice's page. Only Alice's signaling passes through the relay.
     */
    private static CallPage join(Rig rig, WebSocketRelay relay) {
        String room = rig.freshRoom();
        List<Map<String, Object>> tracks = List.of(microphone("microphone"), camera("camera"));
        CallPage alice = rig.page("alice");
        alice.via(relay.signalingUrl());
        alice.join(room, tracks, Map.of());
        CallPage bob = rig.page("bob");
        bob.join(room, tracks, Map.of());
        alice.awaitEvents("trackSubscribed", 2);
        MediaExpectations.awaitFlowing(alice, 2);
        return alice;
    }
}
