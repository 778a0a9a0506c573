package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests a publisher of H.264 and a subscriber without H.264, in a room that allows VP8 too. */
class MixedCodecsTest {
    private static final String SCREEN = "MT9";

    private final Calls call = new Calls(17);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final SimulatedPeer bob = call.room.joined("bob", PeerOptions.CHROMIUM.withVideoCodecs(VideoCodec.VP8));
    private final SimulatedPeer carol = call.room.joined("carol");
    private final PublishedTrack screen = alice.publishH264("screen");

    private List<MediaEvent.TrackCodecsMissing> reports(SimulatedPeer peer) {
        return call.router.events(MediaEvent.TrackCodecsMissing.class, peer.id());
    }

    private void subscribeBobAndCarol() {
        call.room.publish(alice, SCREEN, screen.trackId(), TrackKind.VIDEO);
        call.room.subscribe(carol, "to-carol", SCREEN, TrackKind.VIDEO, alice);
        call.room.subscribe(bob, "to-bob", SCREEN, TrackKind.VIDEO, alice);
        call.simulation.await("a report", 5_000, () -> !reports(bob).isEmpty());
    }

    @Test
    void subscriberWithoutTheCodecIsReportedAndAsksForNoKeyFrames() {
        subscribeBobAndCarol();
        call.awaitFrames(carol, "to-carol", 30);
        long keyFrameRequests = call.router.snapshot().keyFrameRequests();
        call.simulation.runMs(5_000);

        var expected = new MediaEvent.TrackCodecsMissing(bob.id(), Set.of(SCREEN));
        assertThat(reports(bob)).as("reported once").containsExactly(expected);
        assertThat(reports(carol)).isEmpty();
        assertThat(reports(alice)).isEmpty();
        assertThat(call.router.snapshot().keyFrameRequests()).isEqualTo(keyFrameRequests);
        Calls.assertUnbroken(carol.received("to-carol"));

        call.router.command(new MediaCommand.ReportTransport(bob.id(), call.room.epoch()));
        call.router.command(new MediaCommand.ReportTransport(carol.id(), call.room.epoch()));
        assertThat(reports(bob)).containsExactly(expected, expected);
        assertThat(reports(carol)).isEmpty();
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    @Test
    void anotherCodecOfThePublisherEndsTheReport() {
        subscribeBobAndCarol();
        screen.changeCodec(PublishedTrack.Codec.VP8);
        call.awaitFrames(bob, "to-bob", 30);

        assertThat(reports(bob))
                .containsExactly(
                        new MediaEvent.TrackCodecsMissing(bob.id(), Set.of(SCREEN)),
                        new MediaEvent.TrackCodecsMissing(bob.id(), Set.of()));
        Calls.assertUnbroken(bob.received("to-bob"));
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    /** Each change makes all links of the room again, so a client must not decide how often this happens. */
    @Test
    void changesOfTheCodecHaveAnEffectOncePerSecond() {
        subscribeBobAndCarol();
        int before = reports(bob).size();
        for (int i = 0; i < 34; i++) {
            screen.changeCodec(i % 2 == 0 ? PublishedTrack.Codec.VP8 : PublishedTrack.Codec.H264);
            call.simulation.runMs(150);
        }
        assertThat(reports(bob).size() - before).isBetween(1, 6);

        call.simulation.runMs(2_000);
        assertThat(reports(bob).get(reports(bob).size() - 1))
                .as("the last change has an effect although it came soon after another")
                .isEqualTo(new MediaEvent.TrackCodecsMissing(bob.id(), Set.of(SCREEN)));
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    @Test
    void tracksThatAreNoLongerSubscribedAreNotReported() {
        subscribeBobAndCarol();
        call.room.unpublish(alice, SCREEN);
        call.simulation.runMs(1_000);

        assertThat(reports(bob)).element(1).isEqualTo(new MediaEvent.TrackCodecsMissing(bob.id(), Set.of()));
        call.closeAndCheckForLeaks(alice, bob, carol);
    }
}
