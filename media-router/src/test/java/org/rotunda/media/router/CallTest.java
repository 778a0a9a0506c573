package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests of calls with two and three peers on a good network. */
class CallTest {
    private static final long IN_FLIGHT_MAX = 50;

    private final Calls call = new Calls(1);

    @Test
    void publisherReachesSubscriber() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        PublishedTrack camera = call.publishVideo(alice, 3);
        PublishedTrack mic = call.publishAudio(alice);
        String video = call.subscribeVideo(bob, alice);
        String audio = call.subscribeAudio(bob, alice);

        call.simulation.runMs(5_000);

        ReceivedStream picture = bob.received(video);
        ReceivedStream sound = bob.received(audio);
        Calls.assertUnbroken(picture);
        Calls.assertUnbroken(sound);
        assertThat(picture.frames().size()).isGreaterThan(120);
        assertThat(sound.frames().size()).isGreaterThan(200);
        assertThat(picture.lastFrame().source()).isEqualTo(camera.source());
        assertThat(picture.lastFrame().encoding()).isEqualTo(2);
        assertThat(sound.lastFrame().source()).isEqualTo(mic.source());
        assertThat(alice.transportFeedbacks()).isGreaterThan(50);
        assertThat(call.router.snapshot().forwardedPackets())
                .isBetween(picture.packets() + sound.packets(), picture.packets() + sound.packets() + IN_FLIGHT_MAX);
        assertThat(call.router.events(MediaEvent.LayersChanged.class, alice.id()))
                .isNotEmpty();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void subscribeBeforePublish() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        String video = call.subscribeVideo(bob, alice);
        call.simulation.runMs(500);
        call.publishVideo(alice, 3);

        call.awaitFrames(bob, video, 60);

        Calls.assertUnbroken(bob.received(video));
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void threePeersSeeAndHearEachOther() {
        SimulatedPeer[] peers = {call.room.joined("alice"), call.room.joined("bob"), call.room.joined("carol")};
        for (SimulatedPeer peer : peers) {
            call.publishVideo(peer, 3);
            call.publishAudio(peer);
        }
        for (SimulatedPeer subscriber : peers) {
            for (SimulatedPeer publisher : peers) {
                if (subscriber != publisher) {
                    call.subscribeVideo(subscriber, publisher);
                    call.subscribeAudio(subscriber, publisher);
                }
            }
        }
        call.simulation.runMs(6_000);

        for (SimulatedPeer peer : peers) {
            int streams = 0;
            for (ReceivedStream stream : peer.receivedStreams()) {
                Calls.assertUnbroken(stream);
                assertThat(stream.frames().size()).as(stream.toString()).isGreaterThan(80);
                streams++;
            }
            assertThat(streams).isEqualTo(4);
            assertThat(peer.srtpFailures()).isZero();
            assertThat(peer.unknownSsrcs()).isZero();
        }
        assertThat(call.router.snapshot().drops()).isEmpty();
        call.closeAndCheckForLeaks(peers);
    }

    @Test
    void h264ReachesSubscriber() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob", PeerOptions.WITHOUT_RTX);
        PublishedTrack screen = alice.publishH264("screen");
        call.room.publish(alice, "MT9", screen.trackId(), TrackKind.VIDEO);
        call.room.subscribe(bob, "s", "MT9", TrackKind.VIDEO, alice);

        call.awaitFrames(bob, "s", 60);

        Calls.assertUnbroken(bob.received("s"));
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void twoTracksOfAKindAreKeptApart() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        PublishedTrack camera = alice.publishVideo("camera", 3);
        PublishedTrack screen = alice.publishVideo("screen", 2);
        call.room.publish(alice, "MT1", "camera", TrackKind.VIDEO);
        call.room.publish(alice, "MT2", "screen", TrackKind.VIDEO);
        call.room.subscribe(bob, "one", "MT1", TrackKind.VIDEO, alice);
        call.room.subscribe(bob, "two", "MT2", TrackKind.VIDEO, alice);

        call.awaitFrames(bob, "one", 60);
        call.awaitFrames(bob, "two", 60);

        Calls.assertUnbroken(bob.received("one"));
        Calls.assertUnbroken(bob.received("two"));
        assertThat(bob.received("one").frames()).allMatch(frame -> frame.source() == camera.source());
        assertThat(bob.received("two").frames()).allMatch(frame -> frame.source() == screen.source());
        call.closeAndCheckForLeaks(alice, bob);
    }
}
