package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedLoops;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRoom;
import org.rotunda.media.testkit.SimulatedRouter;
import org.rotunda.media.testkit.Simulation;

/** Tests of a room whose participants are on two event loops of one node: two cores with the real queues between. */
class CallLoopsTest {
    private static final long SWITCH_MS = 300; // Covers a round trip to the publisher and one frame.

    private final Simulation simulation = new Simulation(11);
    private SimulatedLoops node = new SimulatedLoops(simulation, 2);
    private SimulatedRouter near = node.openOn(0);
    private SimulatedRoom room = new SimulatedRoom(simulation, near, "RM1");
    private SimulatedRouter far = node.loop(1);
    private final List<SimulatedPeer> peers = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        for (SimulatedPeer peer : peers) {
            room.close(peer, true);
        }
        simulation.runMs(2_000);
        peers.forEach(SimulatedPeer::vanish);
        node.close();
        assertThat(simulation.bytesInUse()).as("bytes nobody released").isZero();
    }

    private SimulatedPeer joinedOn(int loop, String name) {
        room.joinOn(node.openOn(loop));
        SimulatedPeer peer = room.joined(name);
        peers.add(peer);
        return peer;
    }

    private PublishedTrack publishVideo(SimulatedPeer peer) {
        String name = peer.id().participantSid();
        PublishedTrack track = peer.publishVideo("camera-" + name, 3);
        room.publish(peer, "MT-" + name, track.trackId(), TrackKind.VIDEO);
        return track;
    }

    private PublishedTrack publishAudio(SimulatedPeer peer) {
        String name = peer.id().participantSid();
        PublishedTrack track = peer.publishAudio("mic-" + name);
        room.publish(peer, "MA-" + name, track.trackId(), TrackKind.AUDIO);
        return track;
    }

    private String subscribe(SimulatedPeer subscriber, SimulatedPeer publisher, TrackKind kind) {
        String prefix = kind == TrackKind.VIDEO ? "MT-" : "MA-";
        String id =
                prefix + publisher.id().participantSid() + "-" + subscriber.id().participantSid();
        room.subscribe(subscriber, id, prefix + publisher.id().participantSid(), kind, publisher);
        return id;
    }

    private void limit(SimulatedPeer peer, String id, SimulatedPeer publisher, int spatial, boolean paused) {
        room.subscribe(
                peer,
                id,
                "MT-" + publisher.id().participantSid(),
                TrackKind.VIDEO,
                publisher,
                new LayerLimit(spatial, 7),
                paused);
    }

    private void awaitFrames(SimulatedPeer subscriber, String id, int frames) {
        simulation.await(
                "frames of " + id,
                10_000,
                () -> subscriber.receives(id)
                        && subscriber.received(id).frames().size() >= frames);
    }

    private long drops(String reason) {
        return near.drops(reason) + far.drops(reason);
    }

    @Test
    void everybodySeesAndHearsEverybody() {
        SimulatedPeer[] all = {joinedOn(0, "alice"), joinedOn(1, "bob"), joinedOn(0, "carol"), joinedOn(1, "dave")};
        for (SimulatedPeer peer : all) {
            publishVideo(peer);
            publishAudio(peer);
        }
        for (SimulatedPeer subscriber : all) {
            for (SimulatedPeer publisher : all) {
                if (subscriber != publisher) {
                    subscribe(subscriber, publisher, TrackKind.VIDEO);
                    subscribe(subscriber, publisher, TrackKind.AUDIO);
                }
            }
        }
        simulation.runMs(6_000);

        for (SimulatedPeer peer : all) {
            int streams = 0;
            for (ReceivedStream stream : peer.receivedStreams()) {
                Calls.assertUnbroken(stream);
                assertThat(stream.frames().size()).as(stream.toString()).isGreaterThan(80);
                assertThat(stream.isReported())
                        .as("sender reports of %s", stream)
                        .isTrue();
                streams++;
            }
            assertThat(streams).isEqualTo(6);
            assertThat(peer.srtpFailures()).isZero();
            assertThat(peer.unknownSsrcs()).isZero();
        }
        assertThat(near.snapshot().transports()).isEqualTo(2);
        assertThat(far.snapshot().transports()).isEqualTo(2);
        assertThat(near.snapshot().rooms() + far.snapshot().rooms()).isOne();
        assertThat(near.snapshot().publications() + far.snapshot().publications())
                .isEqualTo(8);
        assertThat(near.snapshot().subscriptions() + far.snapshot().subscriptions())
                .isEqualTo(24);
        assertThat(drops("loop_relay_full")).isZero();
    }

    @Test
    void roomOnOneLoopHandsNothingOver() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(0, "bob");
        publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 60);

        assertThat(node.passed()).isZero();
    }

    @Test
    void subscriptionBeforeThePublicationIsServed() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        simulation.runMs(500);
        publishVideo(alice);

        awaitFrames(bob, id, 60);
        Calls.assertUnbroken(bob.received(id));
    }

    @Test
    void layersSwitchAndOnlyWantedEncodingsCross() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 60);
        assertThat(bob.received(id).lastFrame().encoding()).isEqualTo(2);

        limit(bob, id, alice, 0, false);
        simulation.runMs(SWITCH_MS);
        assertThat(bob.received(id).lastFrame().encoding()).isZero();
        simulation.runMs(1_500); // The upper encodings are handed over for another second.
        long before = node.passed();
        int frames = bob.received(id).frames().size();
        simulation.runMs(2_000);
        int more = bob.received(id).frames().size() - frames;
        assertThat(more).isGreaterThan(50);
        // The lowest encoding has one or two packets in a frame.
        assertThat(node.passed() - before).isLessThan(3L * more);

        limit(bob, id, alice, 1, false);
        simulation.runMs(SWITCH_MS + 1_000); // A publisher is asked for a key frame at most once a second.
        assertThat(bob.received(id).lastFrame().encoding()).isEqualTo(1);
        Calls.assertUnbroken(bob.received(id));
    }

    @Test
    void pauseEndsTheRelayOfPacketsAndResumeGoesOn() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 60);
        limit(bob, id, alice, 7, true);
        simulation.runMs(2_000);
        long before = node.passed();
        simulation.runMs(3_000);
        assertThat(node.passed()).isEqualTo(before);

        int frames = bob.received(id).frames().size();
        limit(bob, id, alice, 7, false);
        simulation.runMs(1_500);
        assertThat(bob.received(id).frames().size()).isGreaterThan(frames + 10);
        Calls.assertUnbroken(bob.received(id));
    }

    @Test
    void lossesOnBothSidesAreRepairedFromTheHistoryOfTheFarLoop() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 60);
        bob.link().down().mediaLoss(0.05);
        alice.link().up().mediaLoss(0.02);
        simulation.runMs(5_000);
        bob.link().down().mediaLoss(0);
        alice.link().up().mediaLoss(0);
        simulation.runMs(1_000);

        assertThat(bob.received(id).recovered()).isGreaterThan(20);
        assertThat(far.snapshot().retransmissions()).isGreaterThan(20);
        Calls.assertUnbroken(bob.received(id));
    }

    @Test
    void keyFrameRequestsOfManyAreMerged() {
        SimulatedPeer alice = joinedOn(0, "alice");
        publishVideo(alice);
        List<SimulatedPeer> viewers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            viewers.add(joinedOn(1, "viewer-" + i));
        }
        viewers.forEach(viewer -> subscribe(viewer, alice, TrackKind.VIDEO));
        viewers.forEach(viewer -> awaitFrames(viewer, "MT-alice-" + viewer.id().participantSid(), 30));
        simulation.runMs(5_000);
        long before = near.snapshot().keyFrameRequests();
        long passedBefore = far.snapshot().relayedPackets();

        for (int i = 0; i < 5; i++) {
            for (SimulatedPeer viewer : viewers) {
                viewer.sendPli(viewer.received("MT-alice-" + viewer.id().participantSid()));
            }
            simulation.runMs(40);
        }
        simulation.runMs(1_000);

        assertThat(near.snapshot().keyFrameRequests() - before).isBetween(1L, 2L);
        assertThat(far.snapshot().relayedPackets())
                .as("requests are no packets")
                .isEqualTo(passedBefore);
        viewers.forEach(viewer ->
                Calls.assertUnbroken(viewer.received("MT-alice-" + viewer.id().participantSid())));
    }

    @Test
    void messagesOfADataTrackArriveInOrder() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        alice.openChannel("data-1", ChannelParameters.RELIABLE);
        room.publish(alice, "MT-data", "data-1", TrackKind.DATA);
        room.subscribe(bob, "d-bob", "MT-data", TrackKind.DATA, alice);
        simulation.await("channel", 5_000, () -> bob.channelsOfRouter().containsKey("d-bob"));
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add("message " + i);
            alice.send("data-1", "message " + i);
            if (i % 7 == 0) {
                simulation.runMs(10);
            }
        }
        simulation.runMs(1_000);

        assertThat(bob.messages("d-bob")).isEqualTo(sent);
        assertThat(bob.channelsOfRouter()).containsEntry("d-bob", ChannelParameters.RELIABLE);
        alice.closeChannel("data-1");
        simulation.await("closed", 3_000, () -> bob.closedChannels().contains("d-bob"));
    }

    /** Messages usually come before the room has stored the publication, and none of them may be lost. */
    @Test
    void messagesBeforeThePublicationReachTheOtherLoopToo() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        room.subscribe(bob, "d-bob", "MT-data", TrackKind.DATA, alice);
        alice.openChannel("data-1", ChannelParameters.RELIABLE);
        simulation.runMs(1_000);
        alice.send("data-1", "one");
        alice.send("data-1", "two");
        simulation.runMs(1_000);
        assertThat(bob.messages("d-bob")).isEmpty();

        room.publish(alice, "MT-data", "data-1", TrackKind.DATA);
        alice.send("data-1", "three");
        simulation.runMs(1_000);
        assertThat(bob.messages("d-bob")).containsExactly("one", "two", "three");
    }

    @Test
    void lastSubscriberEndsTheRelay() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 30);
        room.unsubscribe(bob, id);
        simulation.runMs(100);
        long before = node.passed();
        simulation.runMs(2_000);
        assertThat(node.passed()).isEqualTo(before);

        String again = subscribe(bob, alice, TrackKind.VIDEO);
        simulation.runMs(2_000);
        assertThat(bob.received(again).frames()).isNotEmpty();
    }

    /** The other loop makes its links only once after both changes, and must not take the new publication for the old. */
    @Test
    void trackThatIsPublishedAgainAtOnceIsRelayedAgain() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        PublishedTrack camera = publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 60);
        room.unpublish(alice, "MT-alice");
        room.publish(alice, "MT-alice", camera.trackId(), TrackKind.VIDEO);
        int frames = bob.received(id).frames().size();
        simulation.runMs(2_000);

        assertThat(bob.received(id).frames().size()).isGreaterThan(frames + 30);
        assertThat(bob.received(id).violations()).isEmpty();
    }

    @Test
    void publisherLeavesAndComesBackOnTheOtherLoop() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 60);
        room.close(alice, true);
        peers.remove(alice);
        simulation.runMs(500);
        long before = node.passed();
        int frames = bob.received(id).frames().size();
        simulation.runMs(1_000);
        assertThat(node.passed()).isEqualTo(before);
        assertThat(bob.received(id).frames()).hasSize(frames);
        alice.vanish();

        // The participant comes back with another connection, which the node puts on bob's loop.
        room.joinOn(node.openOn(1));
        SimulatedPeer back = room.join(new TransportId("RM1", "alice", "pc2"), PeerOptions.CHROMIUM);
        peers.add(back);
        simulation.await("alice is back", 3_000, () -> back.isConnected() && back.isSettled());
        publishVideo(back);
        simulation.runMs(2_000);
        assertThat(bob.received(id).frames().size()).isGreaterThan(frames + 30);
        assertThat(bob.received(id).violations()).isEmpty();
    }

    /** While a participant moves, both connections list its tracks. The newer one carries them, on whatever loop. */
    @Test
    void newerConnectionCarriesTheTrackAndTheOlderOneTakesOverAgain() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(0, "bob");
        publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 60);

        room.joinOn(node.openOn(1));
        SimulatedPeer next = room.join(new TransportId("RM1", "alice", "pc2"), PeerOptions.CHROMIUM);
        peers.add(next);
        simulation.await("the next connection", 3_000, () -> next.isConnected() && next.isSettled());
        PublishedTrack second = next.publishVideo("camera-again", 3);
        room.publish(next, "MT-alice", second.trackId(), TrackKind.VIDEO);
        simulation.runMs(2_000);
        assertThat(bob.received(id).lastFrame().source()).isEqualTo(second.source());
        assertThat(near.snapshot().publications() + far.snapshot().publications())
                .isOne();

        room.close(next, true);
        peers.remove(next);
        simulation.runMs(2_000);
        next.vanish();
        int frames = bob.received(id).frames().size();
        simulation.runMs(1_000);
        assertThat(bob.received(id).frames().size()).isGreaterThan(frames + 20);
        assertThat(bob.received(id).lastFrame().source()).isNotEqualTo(second.source());
        assertThat(bob.received(id).violations()).isEmpty();
    }

    @Test
    void newStreamsOfThePublisherContinueTheStreamOfTheOtherLoop() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        PublishedTrack camera = publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 60);
        ReceivedStream stream = bob.received(id);

        alice.renewStreams(camera, 3);
        int before = stream.frames().size();
        simulation.runMs(3_000);
        assertThat(stream.frames().size()).isGreaterThan(before + 30);
        alice.renewStreams(camera, 2); // Another number of encodings makes another track.
        before = stream.frames().size();
        simulation.runMs(3_000);
        assertThat(stream.frames().size()).isGreaterThan(before + 30);
        assertThat(bob.received(id)).isSameAs(stream);
        assertThat(stream.violations()).isEmpty();
    }

    @Test
    void viewerOfAStillScreenGetsItsPicture() {
        SimulatedPeer alice = joinedOn(0, "alice");
        PublishedTrack screen = publishVideo(alice);
        SimulatedPeer carol = joinedOn(0, "carol");
        awaitFrames(carol, subscribe(carol, alice, TrackKind.VIDEO), 60);
        alice.setPublishing(false); // Nothing moves, so no packets come.
        simulation.runMs(4_000);
        long before = near.snapshot().keyFrameRequests();
        SimulatedPeer bob = joinedOn(1, "bob");
        subscribe(bob, alice, TrackKind.VIDEO);
        simulation.runMs(300);

        assertThat(near.snapshot().keyFrameRequests()).isGreaterThan(before);
        assertThat(screen.streams()).hasSize(3);
    }

    @Test
    void levelsAndRatesAreReportedByThePublishersLoopOnly() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        publishVideo(alice);
        publishAudio(alice);
        subscribe(bob, alice, TrackKind.VIDEO);
        subscribe(bob, alice, TrackKind.AUDIO);
        simulation.runMs(5_000);

        assertThat(near.reports()).anyMatch(report -> !report.levels().isEmpty());
        assertThat(near.reports()).anyMatch(report -> !report.rates().isEmpty());
        assertThat(near.reports())
                .allMatch(report -> report.downlinks().stream()
                        .allMatch(downlink -> downlink.transport().equals(alice.id())));
        assertThat(far.reports()).isNotEmpty();
        assertThat(far.reports())
                .allMatch(report -> report.levels().isEmpty() && report.rates().isEmpty());
        assertThat(far.reports()).flatExtracting(RoomReport::downlinks).isNotEmpty();
        assertThat(near.events(MediaEvent.LayersChanged.class, alice.id())).isNotEmpty();
        assertThat(far.events(MediaEvent.LayersChanged.class, alice.id())).isEmpty();
    }

    // --- full queues

    private void useCapacity(int capacity) {
        node.close();
        node = new SimulatedLoops(simulation, 2, capacity, simulation.allocator());
        near = node.openOn(0);
        far = node.loop(1);
        room = new SimulatedRoom(simulation, near, "RM1");
    }

    @Test
    void fullQueueDropsAndCountsAndTheViewerRecovers() {
        useCapacity(64);
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        SimulatedPeer carol = joinedOn(0, "carol");
        publishVideo(alice);
        String toBob = subscribe(bob, alice, TrackKind.VIDEO);
        String toCarol = subscribe(carol, alice, TrackKind.VIDEO);
        awaitFrames(bob, toBob, 60);
        awaitFrames(carol, toCarol, 60);

        node.setHanging(1, true);
        simulation.runMs(3_000);
        assertThat(drops("loop_relay_full")).isGreaterThan(100);
        long requestsBefore = near.snapshot().keyFrameRequests();
        node.setHanging(1, false);
        int frames = bob.received(toBob).frames().size();
        simulation.runMs(2_000);

        assertThat(near.snapshot().keyFrameRequests()).isGreaterThan(requestsBefore);
        assertThat(bob.received(toBob).frames().size()).isGreaterThan(frames + 20);
        assertThat(bob.received(toBob).violations()).isEmpty();
        Calls.assertUnbroken(carol.received(toCarol)); // The other loop costs nobody here.
        assertThat(carol.received(toCarol).delayNanosMax()).isLessThan(1_000_000_000L);
    }

    @Test
    void shortOverflowIsRepairedByAskingThePublishersLoop() {
        useCapacity(16);
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        publishVideo(alice);
        String id = subscribe(bob, alice, TrackKind.VIDEO);
        awaitFrames(bob, id, 60);
        node.setHanging(1, true);
        simulation.runMs(100);
        node.setHanging(1, false);
        simulation.runMs(2_000);

        assertThat(drops("loop_relay_full")).isPositive();
        assertThat(bob.received(id).recovered()).isPositive();
        assertThat(bob.received(id).violations()).isEmpty();
        assertThat(bob.received(id).lost())
                .as("packets that were dropped between the loops")
                .isZero();
    }

    @Test
    void messagesBetweenLoopsThatAreLostAreRepeated() {
        useCapacity(2);
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer bob = joinedOn(1, "bob");
        node.setHanging(0, true);
        node.setHanging(1, true);
        publishVideo(alice);
        publishAudio(alice);
        subscribe(bob, alice, TrackKind.VIDEO);
        String sound = subscribe(bob, alice, TrackKind.AUDIO);
        simulation.runMs(3_000);
        assertThat(bob.received(sound).frames()).isEmpty();
        node.setHanging(0, false);
        node.setHanging(1, false);

        awaitFrames(bob, sound, 30);
        room.unsubscribe(bob, sound);
        room.unsubscribe(bob, "MT-alice-bob");
        simulation.runMs(500);
        long before = node.passed();
        simulation.runMs(1_000);
        assertThat(node.passed()).as("the end of the relay was told").isEqualTo(before);
    }

    @Test
    void publisherThatSendsTooMuchCostsOthersNothing() {
        SimulatedPeer alice = joinedOn(0, "alice");
        SimulatedPeer mallory = joinedOn(0, "mallory");
        SimulatedPeer bob = joinedOn(1, "bob");
        publishAudio(alice);
        mallory.openChannel("data-1", ChannelParameters.RELIABLE);
        room.publish(mallory, "MT-data", "data-1", TrackKind.DATA);
        room.subscribe(bob, "d-bob", "MT-data", TrackKind.DATA, mallory);
        String sound = subscribe(bob, alice, TrackKind.AUDIO);
        awaitFrames(bob, sound, 30);

        node.setHanging(1, true);
        for (int i = 0; i < 3_000; i++) {
            mallory.send("data-1", "message " + i);
            if (i % 100 == 0) {
                simulation.runMs(20);
            }
        }
        simulation.runMs(500);
        assertThat(drops("loop_relay_full")).isGreaterThan(1_000);
        node.setHanging(1, false);
        simulation.runMs(1_000);

        Calls.assertUnbroken(bob.received(sound));
        assertThat(bob.messages("d-bob")).hasSizeBetween(1, RelayShare.PACKETS_MAX);
    }
}
