package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRouter;
import org.rotunda.media.testkit.Simulation;

/** Tests how transports open and close, and how commands are refused. */
class CallLifecycleTest {
    private final Calls call = new Calls(5);

    private List<MediaEvent.State> states(SimulatedPeer peer) {
        return call.router.events(MediaEvent.StateChanged.class, peer.id()).stream()
                .map(MediaEvent.StateChanged::state)
                .toList();
    }

    private List<MediaEvent.Refusal> refusals(TransportId id) {
        return call.router.events(MediaEvent.CommandRefused.class, id).stream()
                .map(MediaEvent.CommandRefused::refusal)
                .toList();
    }

    @Test
    void goodbyeEndsDataAndDtlsOfTheClient() {
        SimulatedPeer alice = call.room.joined("alice");
        call.room.openChannel(alice, "hints");
        call.simulation.await("open", 5_000, () -> alice.channelsOfRouter().containsKey("hints"));
        call.room.close(alice, true);
        call.simulation.runMs(500);

        assertThat(alice.isDataDown()).isTrue();
        assertThat(alice.isDtlsClosed()).isTrue();
        assertThat(states(alice)).containsExactly(MediaEvent.State.CONNECTED, MediaEvent.State.CLOSED);
        assertThat(call.router.snapshot().transports()).isZero();
        assertThat(call.router.snapshot().rooms()).isZero();
        call.closeAndCheckForLeaks();
        alice.vanish();
    }

    @Test
    void aSilentCloseSendsNothing() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 2);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        call.simulation.runMs(100);
        bob.link().up().cut(true);
        call.simulation.runMs(100); // Datagrams in flight arrive in this time.
        call.room.close(bob, false);
        call.simulation.runMs(50);
        long received = bob.receivedDatagrams();
        call.simulation.runMs(3_000);

        assertThat(bob.receivedDatagrams()).isEqualTo(received);
        assertThat(bob.isDtlsClosed()).isFalse();
        assertThat(bob.isDataDown()).isFalse();
        bob.vanish();
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void commandsOfAReplacedOwnerAreRefused() {
        SimulatedPeer alice = call.room.joined("alice");
        DesiredTransport old = call.room.desired(alice);
        call.room.nextEpoch();
        call.room.submit(alice);
        call.router.command(old);
        call.router.command(new MediaCommand.CloseTransport(alice.id(), old.epoch(), true));
        call.router.command(new MediaCommand.OpenTransport(
                new TransportId("RM1", "mallory", "pc"), old.epoch(), Set.of(VideoCodec.VP8), null, false));

        assertThat(refusals(alice.id()))
                .containsExactly(MediaEvent.Refusal.STALE_EPOCH, MediaEvent.Refusal.STALE_EPOCH);
        assertThat(refusals(new TransportId("RM1", "mallory", "pc"))).containsExactly(MediaEvent.Refusal.STALE_EPOCH);
        assertThat(call.router.snapshot().transports()).isEqualTo(1);
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void commandsAboutAnUnknownTransportAreRefused() {
        SimulatedPeer alice = call.room.joined("alice");
        TransportId nobody = new TransportId("RM1", "nobody", "pc");
        TransportId nowhere = new TransportId("RM2", "nobody", "pc");
        for (TransportId id : new TransportId[] {nobody, nowhere}) {
            call.router.command(new MediaCommand.SendOnChannel(id, 1, "label", "text"));
            assertThat(refusals(id)).containsExactly(MediaEvent.Refusal.UNKNOWN_TRANSPORT);
        }
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void fullNodeRefusesAndTakesTheNextOneAfterAClose() {
        Simulation simulation = new Simulation(6);
        SimulatedRouter router = new SimulatedRouter(simulation, 2, simulation.allocator());
        for (int i = 0; i < 3; i++) {
            router.command(open(i));
        }
        assertThat(router.events(MediaEvent.CommandRefused.class, open(2).transport()))
                .extracting(MediaEvent.CommandRefused::refusal)
                .containsExactly(MediaEvent.Refusal.NODE_FULL);
        assertThat(router.snapshot().rooms()).isEqualTo(2);

        router.command(new MediaCommand.CloseTransport(open(0).transport(), 1, false));
        router.command(open(2));
        assertThat(router.snapshot().transports()).isEqualTo(2);
        router.kill();
        assertThat(simulation.bytesInUse()).isZero();
    }

    private static MediaCommand.OpenTransport open(int room) {
        return new MediaCommand.OpenTransport(
                new TransportId("RM" + room, "PA", "pc"), 1, Set.of(VideoCodec.VP8), null, false);
    }

    @Test
    void repeatedOpenAndOlderVersionsChangeNothing() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 2);
        DesiredTransport before = call.room.desired(bob);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        call.router.command(before);
        call.router.command(new MediaCommand.OpenTransport(bob.id(), 1, Set.of(VideoCodec.VP8), null, false));
        int frames = bob.received(video).frames().size();
        call.simulation.runMs(1_000);

        assertThat(bob.received(video).frames().size()).isGreaterThan(frames + 20);
        Calls.assertUnbroken(bob.received(video));
        assertThat(call.router.snapshot().subscriptions()).isEqualTo(1);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void nothingLeavesWithoutConsent() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 2);
        call.room.openChannel(bob, "hints");
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        call.simulation.await("open", 5_000, () -> bob.channelsOfRouter().containsKey("hints"));
        bob.link().up().cut(true);
        call.room.sendText(bob, "hints", "kept by SCTP until it is confirmed");
        call.simulation.await("consent is lost", 40_000, () -> states(bob).contains(MediaEvent.State.DISCONNECTED));
        call.simulation.runMs(100);
        long sent = bob.link().down().sent();
        call.simulation.runMs(10_000);
        assertThat(bob.link().down().sent()).isEqualTo(sent);
        assertThat(call.router.drops("no_consent")).isPositive();

        bob.link().up().cut(false);
        call.simulation.runMs(8_000);
        assertThat(states(bob)).endsWith(MediaEvent.State.CONNECTED);
        ReceivedStream stream = bob.received(video);
        assertThat(stream.lastFrame().captureNanos()).isGreaterThan(call.simulation.nowNanos() - 500_000_000L);
        assertThat(stream.violations()).isEmpty();
        call.closeAndCheckForLeaks(alice, bob);
    }

    /** Tests media before the nomination. Key frame requests to a publisher in that time must not be lost. */
    @Test
    void mediaFlowsBothWaysBeforeTheClientNominates() {
        SimulatedPeer alice = call.room.join("alice");
        SimulatedPeer bob = call.room.join("bob");
        alice.setNominating(false);
        bob.setNominating(false);
        call.simulation.await("connected", 3_000, () -> alice.isSettled() && bob.isSettled());
        call.publishVideo(alice, 2);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        assertThat(states(alice)).containsExactly(MediaEvent.State.CONNECTED);

        alice.setNominating(true);
        bob.setNominating(true);
        call.simulation.runMs(5_000); // Clients send a check every 2.5 s.
        assertThat(states(alice)).containsExactly(MediaEvent.State.CONNECTED);
        Calls.assertUnbroken(bob.received(video));
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void abandonedTransportClosesItselfSilently() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 2);
        call.subscribeVideo(bob, alice);
        // The transport of a connected client stays open without commands of the room.
        call.simulation.runMs(200_000);
        assertThat(call.router.snapshot().transports()).isEqualTo(2);
        TransportId never = new TransportId("RM1", "carol", "pc");
        call.router.command(new MediaCommand.OpenTransport(never, 1, Set.of(VideoCodec.VP8), null, false));
        bob.vanish();
        long openedNanos = call.simulation.nowNanos();
        call.simulation.runMs(100_000);
        // This command restarts the time-out of Carol's transport.
        call.router.command(new MediaCommand.ReportTransport(never, 1));
        call.simulation.runMs(40_000);
        assertThat(call.router.snapshot().transports()).isEqualTo(3);
        call.simulation.await("bob's is closed", 30_000, () -> states(bob).contains(MediaEvent.State.CLOSED));
        assertThat(call.simulation.nowNanos() - openedNanos)
                .as("consent lasts up to 30 s")
                .isBetween(
                        SimulatedRouter.ABANDONED_AFTER_NANOS, SimulatedRouter.ABANDONED_AFTER_NANOS + 30_000_000_000L);
        call.simulation.await(
                "the other is closed",
                100_000,
                () -> call.router
                        .events(MediaEvent.StateChanged.class, never)
                        .contains(new MediaEvent.StateChanged(never, MediaEvent.State.CLOSED)));
        assertThat(call.simulation.nowNanos() - openedNanos)
                .isEqualTo(100_000_000_000L + SimulatedRouter.ABANDONED_AFTER_NANOS);
        assertThat(call.router.snapshot().transports()).isEqualTo(1);
        call.closeAndCheckForLeaks(alice);
    }

    /** Tests checks that have Mallory's credentials and, as a forged source, the address of Alice. */
    @Test
    void aForgedSourceDoesNotTakeTheAddressOfAnotherClient() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 2);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        SimulatedPeer mallory = call.room.joined("mallory");
        long receivedByAlice = alice.srtpFailures();
        for (int i = 0; i < 200; i++) {
            call.router.onDatagram(mallory.connectivityCheck(), alice.address());
            call.simulation.runMs(50);
            assertThat(bob.received(video).lastFrame().captureNanos())
                    .isGreaterThan(call.simulation.nowNanos() - 200_000_000L);
        }

        Calls.assertUnbroken(bob.received(video));
        assertThat(call.router.drops("stun_address_held")).isEqualTo(200);
        assertThat(call.router.drops("srtp_authentication")).isZero();
        assertThat(alice.srtpFailures()).isEqualTo(receivedByAlice);
        call.closeAndCheckForLeaks(alice, bob, mallory);
    }

    /** Tests an address that passes from one client to another, as a NAT can do with a port. */
    @Test
    void anAddressPassesToAnotherClientWhenItsClientHasLeftIt() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(bob, 2);
        String video = call.subscribeVideo(alice, bob);
        call.awaitFrames(alice, video, 30);
        InetSocketAddress left = alice.address();
        alice.vanish();
        SimulatedPeer carol = call.room.joined("carol");
        call.publishVideo(carol, 2);
        carol.moveToAddress(left);
        call.subscribeVideo(bob, carol);

        // Carol's first checks from the address of Alice come within 10 s after the last check of Alice, so the router
        // drops them.
        call.simulation.await(
                "frames of carol",
                15_000,
                () -> bob.receives("v-carol-bob")
                        && bob.received("v-carol-bob").frames().size() > 30);
        assertThat(call.router.drops("stun_address_held")).isBetween(1L, 5L);
        call.room.close(alice, false);
        call.closeAndCheckForLeaks(bob, carol);
    }

    @Test
    void roomMayNameTheConnection() {
        TransportId id = new TransportId("RM1", "alice", "pc9");
        SimulatedPeer alice = call.room.joinOnRequest(id, PeerOptions.CHROMIUM);
        call.simulation.await("connected", 3_000, () -> alice.isConnected() && alice.isSettled());
        assertThat(states(alice)).containsExactly(MediaEvent.State.CONNECTED);
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void answerThatDoesNotComeIsReported() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        bob.setDeaf(true);
        call.subscribeVideo(bob, alice);
        call.simulation.runMs(11_000);
        assertThat(call.router.events(MediaEvent.AnswerOverdue.class, bob.id())).hasSize(1);
        call.closeAndCheckForLeaks(alice, bob);
    }
}
