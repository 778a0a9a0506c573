package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests of the congestion control towards subscribers, with the real router and a simulated bottleneck. */
class CallCongestionTest {
    private static final long MBPS = 1_000_000;
    private static final long QUEUE_MS = 300;

    private final Calls call = new Calls(17);
    private final SimulatedPeer alice = call.room.joined("alice");

    /** Returns the reports about the network to a peer since the last {@code clear} of the reports. */
    private List<DownlinkReport> downlinks(SimulatedPeer peer) {
        return call.router.reports().stream()
                .map(RoomReport::downlinks)
                .flatMap(List::stream)
                .filter(report -> report.transport().equals(peer.id()))
                .toList();
    }

    private DownlinkReport latest(SimulatedPeer peer) {
        List<DownlinkReport> reports = downlinks(peer);
        return reports.get(reports.size() - 1);
    }

    private SimulatedPeer behind(long bps, PeerOptions options) {
        SimulatedPeer peer = call.room.joined("bob", options);
        peer.link().down().bottleneck(bps, QUEUE_MS);
        return peer;
    }

    @Test
    void theEstimateEndsNearTheLink() {
        SimulatedPeer bob = behind(2 * MBPS, PeerOptions.CHROMIUM);
        call.publishVideo(alice, 1).withLoad(1_000, 4, 10);
        call.publishAudio(alice);
        String video = call.subscribeVideo(bob, alice);
        call.subscribeAudio(bob, alice);
        call.room.demand(bob, 4 * MBPS, 0, 4 * MBPS);
        call.simulation.runMs(20_000);
        call.router.reports().clear();

        call.simulation.runMs(20_000);

        assertThat(downlinks(bob)).isNotEmpty().allSatisfy(report -> {
            assertThat(report.sampled()).isTrue();
            assertThat(report.estimateBps()).isBetween(MBPS, 2 * MBPS + 200_000);
            assertThat(report.steppedDown()).isEmpty();
        });
        Calls.assertUnbroken(bob.received(video));
        assertThat(call.router.snapshot().downlinks().probes()).isPositive();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void probesAreCopiesOfMediaWhileVideoFlows() {
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        String video = call.subscribeVideo(bob, alice);
        call.room.demand(bob, 5 * MBPS, 0, 5 * MBPS);

        call.simulation.runMs(10_000);

        assertThat(bob.rtxPackets()).isGreaterThan(20);
        assertThat(latest(bob).estimateBps()).isGreaterThan(2 * MBPS);
        Calls.assertUnbroken(bob.received(video));
        assertThat(bob.unknownSsrcs()).isZero();
        assertThat(bob.srtpFailures()).isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void probesArePaddingWhileNothingFlows() {
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        call.room.subscribe(bob, "v", "MT-alice", TrackKind.VIDEO, alice, LayerLimit.NONE, false);
        call.simulation.runMs(1_000);
        call.room.subscribe(bob, "v", "MT-alice", TrackKind.VIDEO, alice, LayerLimit.NONE, true);
        call.simulation.runMs(1_000);
        int frames = bob.received("v").frames().size();
        assertThat(bob.rtxPackets()).isZero();
        call.room.demand(bob, 5 * MBPS, 0, 5 * MBPS);

        call.simulation.runMs(10_000);

        assertThat(bob.rtxPackets()).isGreaterThan(20);
        assertThat(latest(bob).estimateBps()).isGreaterThan(2 * MBPS);
        assertThat(bob.received("v").frames()).hasSize(frames);
        assertThat(bob.srtpFailures()).isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void probesWithoutRtxArePaddingBetweenFrames() {
        SimulatedPeer bob = call.room.joined("bob", PeerOptions.WITHOUT_RTX);
        call.publishVideo(alice, 1);
        String video = call.subscribeVideo(bob, alice);
        call.room.demand(bob, 5 * MBPS, 0, 5 * MBPS);

        call.simulation.runMs(10_000);

        assertThat(bob.received(video).padding()).isGreaterThan(20);
        assertThat(latest(bob).estimateBps()).isGreaterThan(1_500_000);
        Calls.assertUnbroken(bob.received(video));
        assertThat(bob.received(video).frames().size()).isGreaterThan(250);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void nothingIsProbedWithoutDemand() {
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        call.subscribeVideo(bob, alice);

        call.simulation.runMs(10_000);

        assertThat(bob.rtxPackets()).isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void theRouterStepsDownWhenALinkCollapsesAndReturnsWhenTheRoomDecides() {
        SimulatedPeer bob = behind(8 * MBPS, PeerOptions.CHROMIUM);
        call.publishVideo(alice, 3).withLoad(1_000, 8, 10);
        call.publishAudio(alice);
        String video = call.subscribeVideo(bob, alice);
        call.subscribeAudio(bob, alice);
        call.room.demand(bob, 4 * MBPS, 0, 4 * MBPS);
        call.simulation.runMs(10_000);
        assertThat(latest(bob).steppedDown()).isEmpty();
        long sentBps = latest(bob).sentBps();
        assertThat(sentBps).isGreaterThan(MBPS);

        bob.link().down().bottleneck(600_000, QUEUE_MS);
        call.simulation.runMs(3_000);

        assertThat(latest(bob).steppedDown()).containsExactly("MT-alice");
        assertThat(latest(bob).estimateBps()).isLessThan(900_000);
        assertThat(call.router.snapshot().downlinks().lowered()).isEqualTo(1);

        bob.link().down().bottleneck(8 * MBPS, QUEUE_MS);
        call.room.submit(bob);
        call.simulation.runMs(1_500);
        assertThat(latest(bob).steppedDown()).isEmpty();
        assertThat(bob.received(video).lastFrame().encoding()).isEqualTo(2);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aKeyFrameIsSpreadAndDelaysNoAudio() {
        SimulatedPeer bob = behind(2 * MBPS, PeerOptions.CHROMIUM);
        PublishedTrack camera = call.publishVideo(alice, 1).withLoad(1_000, 2, 100);
        call.publishAudio(alice);
        String video = call.subscribeVideo(bob, alice);
        String audio = call.subscribeAudio(bob, alice);
        call.room.demand(bob, 2 * MBPS, 0, 2 * MBPS);
        call.simulation.runMs(5_000);
        ReceivedStream sound = bob.received(audio);
        sound.forgetDelays();
        long keyFrames = camera.streams().get(0).keyFrames();
        long recovered = bob.received(video).recovered();

        bob.sendPli(bob.received(video));
        call.simulation.runMs(2_000);

        assertThat(camera.streams().get(0).keyFrames()).isGreaterThan(keyFrames);
        // A key frame of 58 kB takes 230 ms on this link, and the way without the bottleneck 40 ms. Without the pacer,
        // audio would wait behind all of the key frame.
        assertThat(sound.delayNanosMax()).isLessThan(190_000_000L);
        Calls.assertUnbroken(sound);
        Calls.assertUnbroken(bob.received(video));
        assertThat(bob.received(video).recovered())
                .as("packets that were overtaken")
                .isEqualTo(recovered);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void heldPacketsAreReleasedWithTheTransport() {
        SimulatedPeer bob = behind(2 * MBPS, PeerOptions.CHROMIUM);
        call.publishVideo(alice, 1).withLoad(1_000, 2, 120);
        String video = call.subscribeVideo(bob, alice);
        call.simulation.await(
                "the first packet",
                5_000,
                () -> bob.receives(video) && bob.received(video).packets() > 0);

        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aLimitOfTheClientCapsTheEstimate() {
        SimulatedPeer bob = call.room.joined("bob", PeerOptions.CHROMIUM.withoutTransportFeedback());
        call.publishVideo(alice, 1);
        call.subscribeVideo(bob, alice);
        call.simulation.runMs(2_000);

        bob.sendRemb(250_000);
        call.simulation.runMs(2_000);

        assertThat(latest(bob).estimateBps()).isLessThanOrEqualTo(250_000);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void mediaGoesOnWhenFeedbackStops() {
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        String video = call.subscribeVideo(bob, alice);
        call.simulation.runMs(3_000);
        bob.setFeedbackStopped(true);

        call.simulation.runMs(10_000);

        Calls.assertUnbroken(bob.received(video));
        assertThat(latest(bob).estimateBps()).isPositive();
        call.closeAndCheckForLeaks(alice, bob);
    }
}
