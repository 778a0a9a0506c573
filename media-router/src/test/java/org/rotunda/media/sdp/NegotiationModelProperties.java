package org.rotunda.media.sdp;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Checks that both sides agree about the connection after any actions of both sides and any loss of signaling. */
class NegotiationModelProperties {
    private static final int ACTIONS = 20;

    @Property(tries = 10_000)
    void bothSidesSettleOnTheDesiredStates(
            @ForAll @Size(max = 60) List<@IntRange(max = 10 * ACTIONS - 1) Integer> actions) {
        NegotiationWorld world = new NegotiationWorld();
        world.client.connect();
        for (int action : actions) {
            run(world, action % ACTIONS, action / ACTIONS);
        }
        world.settle();
        world.assertSettled();
    }

    private static void run(NegotiationWorld world, int action, int which) {
        MediaKind kind = which % 2 == 0 ? MediaKind.AUDIO : MediaKind.VIDEO;
        switch (action) {
            case 0, 1 -> world.subscribe(kind);
            case 2 -> world.unsubscribe(which);
            case 3 -> world.publish(kind, which > 4);
            case 4 -> world.unpublish(which);
            case 5, 6, 7, 8, 9 -> world.deliverToServer();
            case 10, 11, 12, 13, 14 -> world.deliverToClient();
            case 15 -> world.pass(100 * which);
            case 16 -> world.loseSignaling();
            case 17, 18 -> world.resume(which % 2 == 0);
            default -> runRare(world, which);
        }
    }

    private static void runRare(NegotiationWorld world, int which) {
        switch (which) {
            case 0, 1 -> world.client.restartIce();
            case 2 -> world.restartIceFromServer();
            case 3 -> world.publishData();
            case 4, 5 -> world.desireApplication();
            case 6, 7 -> world.moveToAnotherNode();
            case 8 -> {
                world.subscribe(MediaKind.AUDIO);
                world.publish(MediaKind.AUDIO, false);
            }
            default -> {
                world.unsubscribe(0);
                world.unpublish(0);
            }
        }
    }
}
