package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.data;
import static org.rotunda.load.browser.Tracks.microphone;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.testkit.TcpProxy;

/**
 * Tests sessions that lose their socket and resume. Changes that both sides made meanwhile must arrive. The other
 * participants must not see that the resuming participant leaves.
 */
@Tag("browser")
@ExtendWith(RigExtension.class)
class ResumeTest {
    /**
     * The longest allowed time until a client notices a dead network. A client needs 15 s, that is, three heartbeat
     * intervals; the rest is a reserve for busy machines.
     */
    private static final Duration NOTICE = Duration.ofSeconds(40);

    @Test
    void changesOfBothSidesArriveAfterSignalingWasCut(Rig rig) throws IOException {
        try (TcpProxy network = proxy(rig)) {
            Call call = join(rig, network);

            network.cut();
            actOnBothSides(call);
            // Media does not use the signaling connection and must not stop.
            MediaExpectations.awaitDecoding(call.alice, call.bobCamera());
            call.alice.await(
                    "reconnecting",
                    "() => call.events.some(event => event.name === 'reconnecting' && event.code === 53001)",
                    NOTICE);
            call.bob.await(
                    "alice reconnecting",
                    "() => call.events.some(event => event.name === 'participantReconnecting')",
                    NOTICE);
            network.restore();

            assertAllArrived(call);
        }
    }

    @Test
    void aFailedSocketIsResumedAtOnce(Rig rig) throws IOException {
        try (TcpProxy network = proxy(rig)) {
            Call call = join(rig, network);

            rig.failSocket(call.aliceSid);
            actOnBothSides(call);

            assertAllArrived(call);
            assertThat(call.alice.evaluate("() => call.sockets[0].closeEvents[0].code"))
                    .isEqualTo(1011);
        }
    }

    @Test
    void afterTheSessionTimeoutTheParticipantIsRemovedOnceEverywhere(Rig rig) throws IOException {
        try (TcpProxy network = proxy(rig)) {
            Call call = join(rig, network);

            network.cut();
            call.bob.await(
                    "alice gone",
                    "() => call.events.some(event => event.name === 'participantDisconnected')",
                    NOTICE.plus(Rig.SESSION_TIMEOUT));
            call.alice.await(
                    "disconnected",
                    "() => call.events.some(event => event.name === 'disconnected' && event.code === 53001)",
                    NOTICE.plus(Rig.SESSION_TIMEOUT));
            network.restore();

            assertThat(call.bob.count("participantDisconnected")).isEqualTo(1);
            assertThat(rig.rest().participants(call.room))
                    .extracting(participant -> participant.get("identity").asText())
                    .containsExactly("bob");
        }
    }

    @Test
    void aParticipantRemovedByRestIsDisconnected(Rig rig) throws IOException {
        try (TcpProxy network = proxy(rig)) {
            Call call = join(rig, network);

            rig.rest().disconnect(call.room, call.aliceSid);

            call.alice.awaitEvents("disconnected", 1);
            call.bob.awaitEvents("participantDisconnected", 1);
        }
    }

    private record Call(String room, CallPage alice, CallPage bob, String aliceSid, String bobSid) {
        String bobCamera() {
            return bob.ownTrackSid("camera");
        }
    }

    private static TcpProxy proxy(Rig rig) throws IOException {
        URI http = URI.create(rig.node().httpUrl());
        return new TcpProxy(http.getHost(), http.getPort());
    }

    private static Call join(Rig rig, TcpProxy network) {
        String room = rig.freshRoom();
        List<Map<String, Object>> tracks = List.of(microphone("microphone"), camera("camera"), data("data"));
        CallPage alice = rig.page("alice");
        alice.via(network.signalingUrl());
        String aliceSid = CallPage.text(alice.join(room, tracks, Map.of()), "participant");
        CallPage bob = rig.page("bob");
        String bobSid = CallPage.text(bob.join(room, tracks, Map.of()), "participant");
        for (CallPage page : List.of(alice, bob)) {
            page.awaitEvents("trackSubscribed", 3);
            MediaExpectations.awaitFlowing(page, 2);
        }
        return new Call(room, alice, bob, aliceSid, bobSid);
    }

    /** Publishes a camera, unpublishes a track and mutes a microphone on each of the two pages. */
    private static void actOnBothSides(Call call) {
        for (CallPage page : List.of(call.alice, call.bob)) {
            page.evaluate("wanted => { call.publish(wanted); }", camera("second", 320, 180, 10));
            page.evaluate("() => call.unpublish('data')");
            page.evaluate("() => call.enable('microphone', false)");
        }
    }

    private static void assertAllArrived(Call call) {
        call.alice.awaitEvents("reconnected", 1);
        assertSees(call.bob, call.aliceSid);
        assertSees(call.alice, call.bobSid);
        call.bob.await("alice reconnected", "() => call.events.some(event => event.name === 'participantReconnected')");
        for (CallPage page : List.of(call.alice, call.bob)) {
            assertThat(page.eventNames()).doesNotContain("participantDisconnected", "disconnected");
            assertThat(page.errors()).isEmpty();
            MediaExpectations.awaitFlowing(page, 3);
        }
    }

    /**
     * Asserts that the page sees the other participant under the old SID, with a second camera, without a data track,
     * and with a muted microphone.
     */
    private static void assertSees(CallPage page, String sid) {
        page.await("what happened meanwhile", """
                sid => {
                  const other = call.participants().find(one => one.sid === sid);
                  if (!other) return false;
                  const track = name => other.tracks.find(one => one.name === name);
                  return track('second') && track('second').subscribed && !track('data')
                      && track('microphone') && track('microphone').enabled === false;
                }
                """, sid);
    }
}
