package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.testkit.SimulatedPeer;

/**
 * Tests connections that come back to a router which has closed their transports. This happens when the room was cut off
 * from its media nodes: the room moved the connections away, no client heard of it, and the first node that the room
 * reaches again is the node that the clients never left.
 */
class CallMoveBackTest {
    private final Calls call = new Calls(77);

    @Test
    void clientsThatNeverLeftGetMediaAgain() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 60);

        for (int i = 0; i < 2; i++) { // The second round begins with the certificate that the first one has made.
            returnToTheSameRouter(alice);
            returnToTheSameRouter(bob);
            int before = bob.received(video).frames().size();
            call.awaitFrames(bob, video, before + 60);
        }

        assertThat(call.router.snapshot().transports()).isEqualTo(2);
        call.closeAndCheckForLeaks(alice, bob);
    }

    private void returnToTheSameRouter(SimulatedPeer peer) {
        call.router.command(new MediaCommand.CloseTransport(peer.id(), call.room.epoch(), false));
        call.room.moveTo(call.router, peer);
    }
}
