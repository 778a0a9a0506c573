package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests of the transport-wide sequence numbers in the packets to subscribers. */
class CallTransportNumbersTest {
    private final Calls call = new Calls(15);

    @Test
    void everyPacketToASubscriberHasTheNextNumber() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 3);
        call.publishAudio(alice);
        String video = call.subscribeVideo(bob, alice);
        String audio = call.subscribeAudio(bob, alice);

        call.simulation.runMs(3_000);

        List<Integer> numbers = bob.transportSequences();
        assertThat(numbers).hasSizeGreaterThanOrEqualTo((int)
                (bob.received(video).packets() + bob.received(audio).packets()));
        assertThat(numbers)
                .containsExactlyElementsOf(
                        IntStream.range(0, numbers.size()).boxed().toList());
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void retransmissionsHaveNumbersOfTheirOwn() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 10);
        bob.link().down().mediaLoss(0.1);

        call.simulation.runMs(5_000);
        bob.link().down().mediaLoss(0);
        call.simulation.runMs(1_000);

        assertThat(bob.rtxPackets()).isPositive();
        assertThat(bob.transportSequences()).doesNotHaveDuplicates();
        assertThat(bob.srtpFailures()).isZero();
        Calls.assertUnbroken(bob.received(video));
        call.closeAndCheckForLeaks(alice, bob);
    }

    /** A repeated packet has the SRTP index of the lost packet, so it must be the same packet in every byte. */
    @Test
    void aRepeatedPacketWithoutRtxKeepsItsNumber() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob", PeerOptions.WITHOUT_RTX);
        call.publishVideo(alice, 1);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 10);
        bob.link().down().mediaLoss(0.1);

        call.simulation.runMs(5_000);
        bob.link().down().mediaLoss(0);
        call.simulation.runMs(1_000);

        ReceivedStream picture = bob.received(video);
        assertThat(picture.recovered()).isPositive();
        assertThat(bob.srtpFailures()).isZero();
        assertThat(bob.transportSequences()).doesNotHaveDuplicates();
        // Numbers leave no hole but those of packets that never came.
        assertThat(bob.transportSequences()).hasSize((int) picture.packets());
        assertThat(call.router.drops("srtp_replay")).isZero();
        Calls.assertUnbroken(picture);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aClientWithoutTransportWideFeedbackGetsNoNumbers() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob", PeerOptions.CHROMIUM.withoutTransportFeedback());
        call.publishVideo(alice, 3);
        String video = call.subscribeVideo(bob, alice);

        call.awaitFrames(bob, video, 30);

        assertThat(bob.transportSequences()).isEmpty();
        Calls.assertUnbroken(bob.received(video));
        call.closeAndCheckForLeaks(alice, bob);
    }
}
