package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests publications that begin, end and change while they have subscribers. */
class CallPublicationTest {
    private final Calls call = new Calls(3);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final SimulatedPeer bob = call.room.joined("bob");
    private final PublishedTrack camera = call.publishVideo(alice, 3);
    private final String toBob = call.subscribeVideo(bob, alice);

    @Test
    void unpublishedTrackStopsAndARepublishedOneFlows() {
        call.awaitFrames(bob, toBob, 30);
        alice.unpublish(camera);
        call.room.unpublish(alice, "MT-alice");
        call.room.unsubscribe(bob, toBob);
        call.simulation.await("the m-line is empty", 3_000, () -> !bob.receives(toBob));
        assertThat(call.router.snapshot().publications()).isZero();
        assertThat(call.router.snapshot().subscriptions()).isZero();

        PublishedTrack again = alice.publishVideo("camera-2", 3);
        call.room.publish(alice, "MT2", "camera-2", TrackKind.VIDEO);
        call.room.subscribe(bob, "second", "MT2", TrackKind.VIDEO, alice);
        call.awaitFrames(bob, "second", 60);

        Calls.assertUnbroken(bob.received("second"));
        assertThat(bob.received("second").lastFrame().source()).isEqualTo(again.source());
        call.closeAndCheckForLeaks(alice, bob);
    }

    /**
     * Tests a second track on the same transceiver. Browsers keep its SSRCs, and the roll-over counter of SRTP
     * continues.
     */
    @Test
    void anotherTrackOnTheSameSsrcsFlows() {
        call.awaitFrames(bob, toBob, 30);
        PublishedTrack renamed = alice.replacement(camera, "camera-2");
        alice.rename(camera, renamed);
        call.room.unpublish(alice, "MT-alice");
        call.room.unsubscribe(bob, toBob);
        call.room.publish(alice, "MT2", "camera-2", TrackKind.VIDEO);
        call.room.subscribe(bob, "second", "MT2", TrackKind.VIDEO, alice);

        call.awaitFrames(bob, "second", 60);
        Calls.assertUnbroken(bob.received("second"));
        assertThat(call.router.drops("srtp_authentication")).isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void otherSsrcsOfAPublisherAreAnUnbrokenStreamToSubscribers() {
        call.awaitFrames(bob, toBob, 60);
        alice.renewStreams(camera, 3);
        call.simulation.runMs(3_000);

        assertStillFlows(2);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void anotherNumberOfEncodingsIsAnUnbrokenStreamToSubscribers() {
        call.awaitFrames(bob, toBob, 60);
        alice.renewStreams(camera, 1);
        call.simulation.runMs(3_000);
        assertStillFlows(0);

        alice.renewStreams(camera, 3);
        call.simulation.runMs(3_000);
        assertStillFlows(2);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void iceRestartKeepsTheStreams() {
        call.awaitFrames(bob, toBob, 60);
        alice.restartIce();
        bob.restartIce();
        call.simulation.runMs(3_000);
        alice.moveToNewAddress();
        bob.moveToNewAddress();
        call.simulation.runMs(5_000); // In this time the peers send checks from their new addresses.
        alice.restartIce();
        bob.restartIce();
        call.simulation.runMs(3_000);

        ReceivedStream stream = bob.received(toBob);
        assertThat(stream.violations()).isEmpty();
        assertThat(stream.lastFrame().captureNanos()).isGreaterThan(call.simulation.nowNanos() - 200_000_000L);
        assertThat(bob.srtpFailures()).isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    /** Tests a publication that moves with its publisher to another peer connection. */
    @Test
    void publisherMovesToAnotherConnection() {
        call.awaitFrames(bob, toBob, 60);
        SimulatedPeer next = call.room.join(new TransportId("RM1", "alice", "pc2"), PeerOptions.CHROMIUM);
        call.simulation.await("connected", 3_000, () -> next.isConnected() && next.isSettled());
        next.publishVideo("camera-alice", 3);
        call.room.publish(next, "MT-alice", "camera-alice", TrackKind.VIDEO);
        call.simulation.runMs(200);
        call.room.close(alice, true);
        call.simulation.runMs(3_000);

        assertStillFlows(2);
        assertThat(call.router.snapshot().publications()).isEqualTo(1);
        alice.vanish();
        call.closeAndCheckForLeaks(next, bob);
    }

    /** Tests a publication on two connections. The old connection ends, and the new connection carries on. */
    @Test
    void theRemainingConnectionCarriesThePublication() {
        SimulatedPeer next = call.room.join(new TransportId("RM1", "alice", "pc2"), PeerOptions.CHROMIUM);
        call.simulation.await("connected", 3_000, () -> next.isConnected() && next.isSettled());
        next.publishVideo("camera-alice", 3);
        call.room.publish(next, "MT-alice", "camera-alice", TrackKind.VIDEO);
        call.awaitFrames(bob, toBob, 60);
        call.room.close(next, false);
        call.simulation.runMs(3_000);

        assertStillFlows(2);
        next.vanish();
        call.closeAndCheckForLeaks(alice, bob);
    }

    private void assertStillFlows(int encoding) {
        ReceivedStream stream = bob.received(toBob);
        Calls.assertUnbroken(stream);
        assertThat(stream.lastFrame().encoding()).isEqualTo(encoding);
        assertThat(stream.lastFrame().captureNanos()).isGreaterThan(call.simulation.nowNanos() - 200_000_000L);
        assertThat(bob.unknownSsrcs()).isZero();
    }
}
