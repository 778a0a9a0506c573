package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.Stamp;

/** Tests how soon viewers see the next layer when the highest layer stops without a word, and what is no such stop. */
class CallSilentLayerTest {
    private static final long MS = 1_000_000L;

    private final Calls call = new Calls(15);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final SimulatedPeer bob = call.room.joined("bob");
    private final PublishedTrack camera = call.publishVideo(alice, 3);
    private final String toBob = call.subscribeVideo(bob, alice);

    @AfterEach
    void end() {
        call.closeAndCheckForLeaks(alice, bob);
    }

    /**
     * The divisor 1 stands for 30 frames per second. Four frames must be missed, and the key frame takes a round trip
     * and a frame more.
     */
    @ParameterizedTest
    @CsvSource({"1, 7, 300", "2, 7, 400", "4, 7, 700", "1, 0, 400"})
    void theNextLayerShowsSoon(int divisor, int temporalMax, long gapMaxMs) {
        camera.setFrameDivisor(divisor);
        call.room.subscribe(bob, toBob, "MT-alice", TrackKind.VIDEO, alice, new LayerLimit(7, temporalMax), false);
        call.awaitFrames(bob, toBob, 20);
        call.simulation.runMs(10_000);
        assertThat(frames()).last().extracting(Stamp::encoding).isEqualTo(2);

        int before = frames().size();
        camera.setEnabled(2, false);
        call.simulation.runMs(3_000);

        assertThat(frames()).last().extracting(Stamp::encoding).isEqualTo(1);
        assertThat(longestGapMs(before - 1)).isLessThanOrEqualTo(gapMaxMs);
        Calls.assertUnbroken(bob.received(toBob));
    }

    @Test
    void theLowestLayerShowsSoonWhenBothOthersStop() {
        call.awaitFrames(bob, toBob, 90);
        int before = frames().size();
        camera.setEnabled(2, false);
        camera.setEnabled(1, false);
        call.simulation.runMs(3_000);

        assertThat(frames()).last().extracting(Stamp::encoding).isEqualTo(0);
        assertThat(longestGapMs(before - 1)).isLessThanOrEqualTo(400);
        Calls.assertUnbroken(bob.received(toBob));
    }

    /** The publisher lacks bandwidth. A key frame for each gap would make it worse. */
    @Test
    void anEncoderThatOftenLeavesOutFramesIsNotAskedEachTime() {
        call.awaitFrames(bob, toBob, 90);
        call.simulation.runMs(3_000);
        long requests = requests();
        for (int i = 0; i < 25; i++) {
            camera.setLeftOut(2, true);
            call.simulation.runMs(1_000);
            camera.setLeftOut(2, false);
            call.simulation.runMs(200);
        }
        assertThat(requests() - requests).isLessThanOrEqualTo(3);
        Calls.assertUnbroken(bob.received(toBob));
    }

    @Test
    void aStillScreenIsNoStop() {
        call.awaitFrames(bob, toBob, 90);
        call.simulation.runMs(3_000);
        long requests = requests();
        for (int i = 0; i < 5; i++) {
            camera.setFrameDivisor(0);
            call.simulation.runMs(1_400 + 400 * i); // Some of the silences are longer than the silence limit.
            camera.setFrameDivisor(1);
            call.simulation.runMs(700);
        }
        assertThat(requests()).isEqualTo(requests);
        assertThat(encodings()).containsOnly(2);
        assertThat(layerCounts()).doesNotContain(1, 2).contains(0);
        Calls.assertUnbroken(bob.received(toBob));
    }

    @Test
    void aNewcomerToAStillScreenAsksForItsPicture() {
        call.awaitFrames(bob, toBob, 90);
        camera.setFrameDivisor(0);
        call.simulation.runMs(5_000);
        long requests = requests();
        SimulatedPeer carol = call.room.joined("carol");
        call.subscribeVideo(carol, alice);
        call.simulation.runMs(1_000);
        assertThat(requests()).isGreaterThan(requests);
        call.room.close(carol, true);
        call.simulation.runMs(200);
        carol.vanish();
    }

    @Test
    void jitterAndLossOfTheUplinkAreNoStop() {
        call.awaitFrames(bob, toBob, 90);
        alice.link().up().jitterMs(30).loss(0.05);
        call.simulation.runMs(60_000);
        assertThat(encodings()).containsOnly(2);
        assertThat(layerCounts()).doesNotContain(0, 1, 2);
    }

    @Test
    void stallsOfTheWholeUplinkAreNoStop() {
        call.awaitFrames(bob, toBob, 90);
        alice.link().up().jitterMs(30);
        for (int i = 0; i < 20; i++) {
            call.simulation.runMs(1_000 + 37 * i);
            alice.link().up().stallUntil(call.simulation.nowNanos() + 200 * MS);
        }
        call.simulation.runMs(1_000);
        assertThat(encodings()).containsOnly(2);
        assertThat(layerCounts()).doesNotContain(0, 1, 2);
        Calls.assertUnbroken(bob.received(toBob));
    }

    private List<Stamp> frames() {
        return bob.received(toBob).frames();
    }

    /** Returns the encodings of all frames after the start of the call. */
    private List<Integer> encodings() {
        return frames().stream().skip(60).map(Stamp::encoding).distinct().toList();
    }

    /** Returns how many layers the router reported, each time, once all three were there. */
    private List<Integer> layerCounts() {
        return call.router.events(MediaEvent.LayersChanged.class, alice.id()).stream()
                .map(event -> event.layers().size())
                .dropWhile(size -> size < 3)
                .toList();
    }

    private long longestGapMs(int from) {
        long longest = 0;
        for (int i = from + 1; i < frames().size(); i++) {
            longest = Math.max(
                    longest,
                    frames().get(i).captureNanos() - frames().get(i - 1).captureNanos());
        }
        return longest / MS;
    }

    private long requests() {
        return camera.streams().stream()
                .mapToLong(stream -> stream.keyFrameRequests())
                .sum();
    }
}
