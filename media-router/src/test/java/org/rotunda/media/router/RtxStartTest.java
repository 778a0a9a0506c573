package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.testkit.SimulatedPeer;

class RtxStartTest {
    private static final int SEEDS = 10;
    private static final int MIDDLE = 1 << 15;

    /**
     * A sequence number is the lower half of an SRTP index. If a stream begins just before its wrap and the first
     * packets are lost, the receiver takes a wrong upper half and can authenticate no packet (RFC 3711 §3.3.1).
     */
    @Test
    void rtxStreamsBeginInTheLowerHalfOfTheNumbers() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Calls call = new Calls(seed);
            SimulatedPeer alice = call.room.joined("alice");
            SimulatedPeer bob = call.room.joined("bob");
            call.publishVideo(alice, 1);
            String video = call.subscribeVideo(bob, alice);
            call.awaitFrames(bob, video, 30);
            bob.link().down().mediaLoss(0.1);
            call.simulation.runMs(2_000);

            assertThat(bob.firstRtxNumbers()).isNotEmpty().allMatch(number -> number < MIDDLE);
            call.closeAndCheckForLeaks(alice, bob);
        }
    }
}
