package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.microphone;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.testkit.TcpProxy;

/** Tests rooms without a media server, in which the pages send their media to each other. */
@Tag("browser")
@ExtendWith({RigExtension.class, ChromiumExtension.class})
class PeerToPeerTest {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;
    private static final int FRAME_RATE = 10;
    private static final int TRACKS_EACH = 3;

    /** Each page encodes its video twice, on a machine that other work slows down. */
    private static final int FRAMES_PER_SECOND_MIN = 4;

    /** The longest allowed time until a client notices a dead network, as in {@link ResumeTest}. */
    private static final Duration NOTICE = Duration.ofSeconds(40);

    @Test
    void threePagesSeeHearAndReadEachOtherAlsoAfterOneHasComeAgain(Rig rig) {
        GroupCall call = meet(rig, List.of(rig.page("alice"), rig.page("bob"), rig.page("carol")));
        List<CallPage> pages = call.pages();
        call.assertEverybodySeesHearsAndReadsEverybody(FRAMES_PER_SECOND_MIN);
        for (CallPage page : pages) {
            assertThat(page.evaluate("() => call.room.mediaRegion")).isNull();
            assertConnections(page, 2);
        }
        assertThat(rig.rest().participants(call.roomName())).hasSize(3);

        pages.get(2).evaluate("() => call.leave()");
        for (CallPage page : pages.subList(0, 2)) {
            page.awaitEvents("participantDisconnected", 1);
            page.awaitEvents("trackUnsubscribed", TRACKS_EACH);
            assertThat(page.count("trackUnpublished")).isZero();
            assertConnections(page, 1);
        }
        CallPage again = rig.page("carol");
        again.join(call.roomName(), GroupCall.everything("carol", WIDTH, HEIGHT, FRAME_RATE), Map.of());

        again.awaitEvents("trackSubscribed", 2 * TRACKS_EACH);
        for (CallPage page : List.of(pages.get(0), pages.get(1), again)) {
            MediaExpectations.awaitFlowing(page, 4);
            assertConnections(page, 2);
            assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
            assertThat(page.eventNames()).doesNotContain("reconnecting", "disconnected", "trackSubscriptionFailed");
        }
        again.evaluate("() => { window.sender = setInterval(() => call.send('data of carol', 'again'), 100); }");
        for (CallPage page : pages.subList(0, 2)) {
            page.await("a message of carol", "() => Object.values(call.messages).some(list => list.includes('again'))");
        }
    }

    @Test
    void changesOfAllSidesArriveAfterSignalingWasCut(Rig rig) throws IOException {
        URI http = URI.create(rig.node().httpUrl());
        try (TcpProxy network = new TcpProxy(http.getHost(), http.getPort())) {
            CallPage alice = rig.page("alice");
            alice.via(network.signalingUrl());
            GroupCall call = meet(rig, List.of(alice, rig.page("bob"), rig.page("carol")));
            CallPage bob = call.pages().get(1);

            network.cut();
            for (CallPage page : call.pages()) {
                page.evaluate("wanted => { call.publish(wanted); }", camera("second", WIDTH, HEIGHT, FRAME_RATE));
                page.evaluate("() => call.enable('microphone', false)");
            }
            MediaExpectations.awaitDecoding(alice, bob.ownTrackSid("camera")); // Media needs no signaling.
            alice.await(
                    "reconnecting",
                    "() => call.events.some(event => event.name === 'reconnecting' && event.code === 53001)",
                    NOTICE);
            network.restore();

            alice.awaitEvents("reconnected", 1);
            for (CallPage page : call.pages()) {
                page.await("what happened meanwhile", """
                        () => {
                          const others = call.participants();
                          const track = (other, name) => other.tracks.find(one => one.name === name);
                          return others.length === 2 && others.every(other => other.state === 'connected'
                              && track(other, 'second') && track(other, 'second').subscribed
                              && !track(other, 'microphone').enabled);
                        }
                        """);
                MediaExpectations.awaitFlowing(page, 6);
                assertConnections(page, 2);
                assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
                assertThat(page.eventNames()).doesNotContain("participantDisconnected", "disconnected");
            }
            call.assertMessagesArriveInOrder();
        }
    }

    @Test
    void connectionsGoOnAfterARestartOfTheServer(Chromium chromium) throws IOException {
        try (Rig own = new Rig(chromium)) {
            GroupCall call = meet(own, List.of(own.page("alice"), own.page("bob")));
            CallPage bob = call.pages().get(1);

            own.restart();
            for (CallPage page : call.pages()) {
                page.awaitEvents("reconnected", 1, NOTICE);
            }
            call.pages().get(0).evaluate("wanted => call.publish(wanted)", camera("second", WIDTH, HEIGHT, FRAME_RATE));

            bob.awaitEvents("trackSubscribed", TRACKS_EACH + 1);
            MediaExpectations.awaitFlowing(bob, 3);
            for (CallPage page : call.pages()) {
                assertConnections(page, 1);
                assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
                assertThat(page.eventNames())
                        .as("the connection is the same as before")
                        .doesNotContain("trackUnsubscribed", "participantDisconnected", "disconnected");
            }
            call.assertMessagesArriveInOrder();
        }
    }

    @Test
    void aGoRoomRefusesTheThirdParticipant(Rig rig) {
        String room = rig.freshRoom();
        assertThat(rig.rest()
                        .createRoom(room, Map.of("Type", "go"))
                        .path("max_participants")
                        .asInt())
                .isEqualTo(2);
        CallPage alice = rig.page("alice");
        alice.join(room, List.of(microphone("microphone"), camera("camera")), Map.of());
        CallPage bob = rig.page("bob");
        // Options that have no effect in such a room.
        bob.join(
                room,
                List.of(microphone("microphone")),
                Map.of(
                        "automaticSubscription",
                        false,
                        "dominantSpeaker",
                        true,
                        "networkQuality",
                        true,
                        "bandwidthProfile",
                        Map.of("video", Map.of("mode", "grid"))));

        Map<String, Object> outcome = rig.page("carol").tryJoin(Tokens.forAnyRoom("carol"), room, List.of(), Map.of());

        assertThat(CallPage.object(outcome, "error"))
                .containsEntry("code", 53105)
                .containsEntry("className", "RoomMaxParticipantsExceededError");
        MediaExpectations.awaitFlowing(bob, 2);
        MediaExpectations.awaitFlowing(alice, 1);
        for (CallPage page : List.of(alice, bob)) {
            assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
        }
        alice.evaluate("() => call.leave()");
        rig.page("carol").join(room, List.of(), Map.of());
    }

    /** Lets the pages join a fresh peer-to-peer room, and waits until everybody receives everything. */
    private static GroupCall meet(Rig rig, List<CallPage> pages) {
        String room = rig.freshRoom();
        rig.rest().createRoom(room, Map.of("Type", "peer-to-peer"));
        GroupCall call = GroupCall.join(pages, room, WIDTH, HEIGHT, FRAME_RATE, Map.of());
        call.awaitFlowing();
        return call;
    }

    /** Waits until the page has this number of open peer connections, all of them connected. */
    private static void assertConnections(CallPage page, int count) {
        page.await(
                count + " peer connections",
                "count => { const open = call.connections.filter(each => each.connectionState !== 'closed');"
                        + " return open.length === count && open.every(each => each.connectionState === 'connected'); }",
                count);
    }
}
