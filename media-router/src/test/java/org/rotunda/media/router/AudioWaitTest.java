package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRoom;
import org.rotunda.media.testkit.SimulatedRouter;
import org.rotunda.media.testkit.Simulation;

/** Tests that audio to a large audience waits for other audio, for a short time, if the node is told so. */
class AudioWaitTest {
    private static final long WAIT_MS =
            11; // More than half the time between two packets of a speaker, so that there is always company.
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Simulation simulation = new Simulation(3);
    private final SimulatedRouter router = SimulatedRouter.withAudioWait(simulation, WAIT_MS);
    private final SimulatedRoom room = new SimulatedRoom(simulation, router, "RM1");
    private final List<SimulatedPeer> listeners = new ArrayList<>();

    @Test
    void packetsOfTwoSpeakersLeaveTogetherIfTheAudienceIsLarge() {
        SimulatedPeer alice = speaker("alice");
        SimulatedPeer bob = speaker("bob");
        for (int i = 0; i < Departures.PATIENT_SUBSCRIBERS_MIN - 1; i++) {
            addListener("listener" + i, alice, bob);
        }
        SimulatedPeer first = listeners.get(0);
        ReceivedStream fromAlice = first.received("alice-listener0");
        ReceivedStream fromBob = first.received("bob-listener0");
        fromAlice.forgetDelays();
        simulation.runMs(2_000);
        assertThat(fromAlice.packets()).isPositive();
        assertThat(fromAlice.paddedPackets() + fromBob.paddedPackets())
                .as("a small audience does not wait")
                .isZero();
        long delayNanos = fromAlice.delayNanosMax();

        addListener("last", alice, bob);
        fromAlice.forgetDelays();
        simulation.runMs(2_000);

        assertThat(fromAlice.paddedPackets() + fromBob.paddedPackets()).isPositive();
        assertThat(fromAlice.delayNanosMax()).isBetween(delayNanos, delayNanos + WAIT_MS * NANOS_PER_MILLI);
        assertThat(fromAlice.violations()).isEmpty();
        assertThat(fromBob.violations()).isEmpty();
    }

    private SimulatedPeer speaker(String name) {
        SimulatedPeer peer = room.joined(name);
        room.publish(peer, "MA-" + name, peer.publishAudio("mic-" + name).trackId(), TrackKind.AUDIO);
        return peer;
    }

    private void addListener(String name, SimulatedPeer... speakers) {
        SimulatedPeer peer = room.joined(name);
        for (SimulatedPeer speaker : speakers) {
            String source = speaker.id().participantSid();
            room.subscribe(peer, source + "-" + name, "MA-" + source, TrackKind.AUDIO, speaker);
        }
        simulation.await(
                "audio for " + name,
                10_000,
                () -> peer.receives(speakers[0].id().participantSid() + "-" + name));
        listeners.add(peer);
    }
}
