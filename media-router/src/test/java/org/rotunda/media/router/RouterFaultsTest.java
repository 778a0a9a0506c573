package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.NegotiationState;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRouter;

/** Tests that a defect in the work for one transport ends only that transport. The call of the others goes on. */
class RouterFaultsTest {
    private final Calls call = new Calls(11);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final SimulatedPeer bob = call.room.joined("bob");
    private final SimulatedPeer carol = call.room.joined("carol");
    private final String toCarol = subscribed();

    private String subscribed() {
        call.publishVideo(alice, 1);
        return call.subscribeVideo(carol, alice);
    }

    private static boolean isOf(MediaEvent event, SimulatedPeer peer) {
        return event.transport().equals(peer.id());
    }

    /**
     * Checks that a fault has ended Bob's transport, and that Alice and Carol notice nothing.
     *
     * @param place the kind of work in which the fault happened, named as in metrics
     */
    private void assertOnlyBobEnded(SimulatedRouter router, String place) {
        assertThat(router.events(MediaEvent.StateChanged.class, bob.id()))
                .last()
                .isEqualTo(new MediaEvent.StateChanged(bob.id(), MediaEvent.State.CLOSED));
        assertThat(router.snapshot().faults()).isEqualTo(Map.of(place, 1L));
        assertThat(router.snapshot().transports()).isEqualTo(2);
        int frames = carol.received(toCarol).frames().size();
        call.awaitFrames(carol, toCarol, frames + 30);
        Calls.assertUnbroken(carol.received(toCarol));
    }

    @Test
    void faultInACommandEndsItsTransport() {
        call.awaitFrames(carol, toCarol, 10);
        call.router.failAt(event -> event instanceof MediaEvent.LocalDescription && isOf(event, bob));
        call.publishVideo(bob, 1);
        call.simulation.runMs(500);

        assertOnlyBobEnded(call.router, "command");
    }

    @Test
    void faultInAPacketEndsItsTransport() {
        call.room.openChannel(bob, "signaling");
        call.awaitFrames(carol, toCarol, 10);
        call.simulation.runMs(500);
        call.router.failAt(event -> event instanceof MediaEvent.ChannelMessage && isOf(event, bob));
        bob.send("signaling", "hello");
        call.simulation.runMs(500);

        assertOnlyBobEnded(call.router, "packet");
    }

    @Test
    void faultInATimeoutEndsItsTransport() {
        call.awaitFrames(carol, toCarol, 10);
        bob.setDeaf(true);
        call.subscribeVideo(bob, alice);
        call.router.failAt(event -> event instanceof MediaEvent.AnswerOverdue && isOf(event, bob));
        call.simulation.runMs(11_000);

        assertOnlyBobEnded(call.router, "timeout");
    }

    @Test
    void faultInTheOutputEndsItsTransport() {
        call.subscribeVideo(bob, alice);
        call.awaitFrames(carol, toCarol, 10);
        call.router.failAtSending(bob.address());
        call.simulation.runMs(500);

        assertOnlyBobEnded(call.router, "drain");
    }

    @Test
    void faultInAForwardedPacketEndsTheSubscriberAndNotThePublisher() {
        call.awaitFrames(carol, toCarol, 10);
        call.router.failAt(event -> event instanceof MediaEvent.TrackFlows && isOf(event, bob));
        call.subscribeVideo(bob, alice);
        call.simulation.runMs(500);

        assertOnlyBobEnded(call.router, "forward");
    }

    /**
     * Tests a fault while the next node links Bob's transport to the room's tracks. Bob comes from another node with an
     * open signaling channel, which the next node reports during this work.
     */
    @Test
    void faultInTheLinksEndsItsTransport() {
        call.room.openChannel(bob, "signaling");
        call.awaitFrames(carol, toCarol, 10);
        call.simulation.runMs(500);
        SimulatedRouter next = new SimulatedRouter(call.simulation);
        next.failAt(event -> event instanceof MediaEvent.ChannelChanged && isOf(event, bob));
        for (SimulatedPeer peer : List.of(alice, bob, carol)) {
            call.room.moveTo(next, peer);
        }
        call.simulation.runMs(2_000);

        assertOnlyBobEnded(next, "link");
    }

    @Test
    void transportThatCannotBeOpenedIsReportedAsClosed() {
        call.awaitFrames(carol, toCarol, 10);
        call.room.close(bob, true);
        TransportHandover unreadable = new TransportHandover(new NegotiationState(new byte[] {1, 2, 3}), List.of());
        call.router.command(
                new MediaCommand.OpenTransport(bob.id(), call.room.epoch(), Set.of(VideoCodec.VP8), unreadable, false));
        call.simulation.runMs(500);

        assertOnlyBobEnded(call.router, "command");
        TransportId again = new TransportId("RM1", "bob", "pc2");
        call.router.command(
                new MediaCommand.OpenTransport(again, call.room.epoch(), Set.of(VideoCodec.VP8), null, false));
        assertThat(call.router.snapshot().transports()).isEqualTo(3);
    }
}
