package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRoom;
import org.rotunda.media.testkit.SimulatedRouter;
import org.rotunda.media.testkit.Simulation;

/** One room on one router, with the steps that many tests need. */
final class Calls {
    final Simulation simulation;
    final SimulatedRouter router;
    final SimulatedRoom room;

    Calls(long seed) {
        simulation = new Simulation(seed);
        router = new SimulatedRouter(simulation);
        room = new SimulatedRoom(simulation, router, "RM1");
    }

    /**
     * Publishes a camera of the peer. Its track sid is {@code MT-<name>}, and its client track id is {@code
     * camera-<name>}.
     */
    PublishedTrack publishVideo(SimulatedPeer peer, int encodings) {
        String name = peer.id().participantSid();
        PublishedTrack track = peer.publishVideo("camera-" + name, encodings);
        room.publish(peer, "MT-" + name, track.trackId(), TrackKind.VIDEO);
        return track;
    }

    PublishedTrack publishAudio(SimulatedPeer peer) {
        String name = peer.id().participantSid();
        PublishedTrack track = peer.publishAudio("mic-" + name);
        room.publish(peer, "MA-" + name, track.trackId(), TrackKind.AUDIO);
        return track;
    }

    /**
     * Subscribes to the camera from {@link #publishVideo}. The subscription has the id {@code
     * v-<publisher>-<subscriber>}.
     */
    String subscribeVideo(SimulatedPeer subscriber, SimulatedPeer publisher) {
        String id =
                "v-" + publisher.id().participantSid() + "-" + subscriber.id().participantSid();
        room.subscribe(subscriber, id, "MT-" + publisher.id().participantSid(), TrackKind.VIDEO, publisher);
        return id;
    }

    String subscribeAudio(SimulatedPeer subscriber, SimulatedPeer publisher) {
        String id =
                "a-" + publisher.id().participantSid() + "-" + subscriber.id().participantSid();
        room.subscribe(subscriber, id, "MA-" + publisher.id().participantSid(), TrackKind.AUDIO, publisher);
        return id;
    }

    void awaitFrames(SimulatedPeer subscriber, String id, int frames) {
        simulation.await(
                "frames of " + id,
                10_000,
                () -> subscriber.receives(id)
                        && subscriber.received(id).frames().size() >= frames);
    }

    /** Checks that the stream has no fault that would disturb a decoder. */
    static void assertUnbroken(ReceivedStream stream) {
        assertThat(stream.violations()).as(stream.toString()).isEmpty();
        assertThat(stream.lost()).as(stream.toString()).isZero();
        assertThat(stream.undecodable()).as(stream.toString()).isZero();
    }

    /** Ends the call and checks that all buffers were released. */
    void closeAndCheckForLeaks(SimulatedPeer... peers) {
        for (SimulatedPeer peer : peers) {
            room.close(peer, true);
        }
        simulation.runMs(1_000);
        for (SimulatedPeer peer : peers) {
            peer.vanish();
        }
        router.core().close();
        assertThat(simulation.bytesInUse()).as("bytes nobody released").isZero();
    }
}
