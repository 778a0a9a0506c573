package org.rotunda.media.router;

import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.transport.CongestionTraces;

/** A call over a network that becomes slow, whose congestion control is recorded. */
public final class TracedCall {
    private static final long SLOW_BPS = 400_000;

    private TracedCall() {}

    /** Runs the call to its end. */
    public static void run(CongestionTraces traces) {
        Calls call = new Calls(4);
        call.router.setTraces(traces);
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1).withLoad(1_000, 4, 10);
        String toBob = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, toBob, 30);
        bob.link().down().bottleneck(SLOW_BPS, 300);
        call.simulation.runMs(5_000);
        call.closeAndCheckForLeaks(alice, bob);
    }
}
