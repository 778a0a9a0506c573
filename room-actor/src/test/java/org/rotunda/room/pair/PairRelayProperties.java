package org.rotunda.room.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/**
 * Two simulated clients negotiate through a relay, while messages are late, sockets are lost and resumed, clients close
 * their connection, and other owners take the room over. In the end they must agree, and after a bounded number of
 * descriptions.
 */
class PairRelayProperties {
    /** What happens to one of the two clients. */
    enum Step {
        PUBLISH,
        GATHER,
        TO_ROOM,
        TO_CLIENT
    }

    /** What happens to one of the two clients, or to the room. */
    enum RoughStep {
        PUBLISH,
        GATHER,
        TO_ROOM,
        TO_ROOM_TOO,
        TO_CLIENT,
        TO_CLIENT_TOO,
        CUT,
        RESUME,
        RESUME_TOO,
        CLOSE,
        TAKE_OVER
    }

    /** The most connections that clients close in one try; a relay allows more. */
    private static final int CLOSES_MAX = 3;

    @Property(tries = 1_000)
    void clientsThatOfferAtOnceAgree(
            @ForAll @Size(max = 80) List<PairSide> sides, @ForAll @Size(min = 80, max = 80) List<Step> steps) {
        SimulatedPair pair = new SimulatedPair();
        int publishes = 0;
        for (int i = 0; i < sides.size(); i++) {
            publishes += steps.get(i) == Step.PUBLISH ? 1 : 0;
            step(pair, sides.get(i), steps.get(i));
        }

        pair.settle();

        pair.assertAgreed();
        pair.assertAllCandidatesArrived();
        // A change costs an offer and an answer, and as much again if its first offer has crossed another one.
        assertThat(pair.relayed()).isLessThanOrEqualTo(8 + 4 * publishes);
    }

    private static void step(SimulatedPair pair, PairSide side, Step step) {
        switch (step) {
            case PUBLISH -> pair.client(side).publishes();
            case GATHER -> pair.client(side).gathers();
            case TO_ROOM -> pair.deliverToRoom(side);
            case TO_CLIENT -> pair.deliverToClient(side);
        }
    }

    @Property(tries = 2_000)
    void clientsAgreeWhateverIsLost(
            @ForAll @Size(max = 120) List<PairSide> sides, @ForAll @Size(min = 120, max = 120) List<RoughStep> steps) {
        SimulatedPair pair = new SimulatedPair();
        int closes = 0;
        for (int i = 0; i < sides.size(); i++) {
            PairSide side = sides.get(i);
            switch (steps.get(i)) {
                case PUBLISH -> pair.client(side).publishes();
                case GATHER -> pair.client(side).gathers();
                case TO_ROOM, TO_ROOM_TOO -> pair.deliverToRoom(side);
                case TO_CLIENT, TO_CLIENT_TOO -> pair.deliverToClient(side);
                case CUT -> {
                    pair.timePasses();
                    pair.cut(side);
                }
                case RESUME, RESUME_TOO -> pair.resume(side);
                case CLOSE -> {
                    if (++closes <= CLOSES_MAX) {
                        pair.timePasses();
                        pair.client(side).closesItsConnection();
                    }
                }
                case TAKE_OVER -> pair.takeOver();
            }
        }

        pair.settle();

        pair.assertAgreed();
    }
}
