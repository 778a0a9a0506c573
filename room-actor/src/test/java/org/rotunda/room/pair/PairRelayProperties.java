package org.rotunda.room.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.pair.PairSide.FIRST;
import static org.rotunda.room.pair.PairSide.SECOND;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.rotunda.room.pair.SimulatedPair.TakeOver;

/**
 * Two simulated clients negotiate through a relay, while messages are late, sockets are lost and resumed, clients close
 * their connection, and other owners take the room over. In the end they must agree, and after a bounded number of
 * descriptions.
 */
class PairRelayProperties {
    /** A step of one client, or of its messages. */
    enum Step {
        PUBLISH,
        GATHER,
        TO_ROOM,
        TO_CLIENT
    }

    /** A step of one client, of its messages, or of the room, in runs with losses. */
    enum RoughStep {
        PUBLISH,
        GATHER,
        TO_ROOM,
        TO_ROOM_TOO,
        TO_CLIENT,
        TO_CLIENT_TOO,
        TO_GATEWAY,
        FROM_ROOM,
        LATE,
        CUT,
        RESUME,
        RESUME_TOO,
        RESUME_IN_VAIN,
        SYNC_AGAIN,
        CLOSE,
        TAKE_OVER,
        DIE,
        MOVE
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
                case TO_GATEWAY -> pair.deliverToGateway(side);
                case FROM_ROOM -> pair.deliverFromRoom(side);
                case LATE -> pair.deliverLate(side);
                case RESUME, RESUME_TOO -> pair.resume(side);
                case RESUME_IN_VAIN -> {
                    pair.timePasses();
                    pair.resumeInVain(side);
                }
                case SYNC_AGAIN -> pair.syncAgain(side);
                case CLOSE -> {
                    if (++closes <= CLOSES_MAX) {
                        pair.timePasses();
                        pair.client(side).closesItsConnection();
                    }
                }
                case TAKE_OVER -> pair.takeOver(TakeOver.INPUT_LOST);
                case DIE -> pair.takeOver(TakeOver.ALL_LOST);
                case MOVE -> pair.takeOver(TakeOver.NOTHING_LOST);
            }
        }

        pair.settle();

        pair.assertAgreed();
    }

    /**
     * The second client answers the first offer, although the answer to a sync is on its way that makes the client
     * close the connection: the owner of the room has changed, and at the sync the client had not got the offer yet.
     * The client closes the connection silently, so only its gateway can know at the next change of the owner.
     */
    @Example
    void clientsAgreeAfterTwoTakeOversDuringTheFirstOffer() {
        SimulatedPair pair = new SimulatedPair();
        pair.deliverToClient(FIRST);
        pair.deliverToRoom(FIRST);
        pair.takeOver(TakeOver.INPUT_LOST);
        pair.deliverToRoom(SECOND); // The sync.
        pair.deliverToClient(SECOND); // The offer, which the client answers.
        pair.takeOver(TakeOver.INPUT_LOST); // The answer is lost on its way to the room.

        pair.settle();

        pair.assertAgreed();
    }

    /** As above, but the answer is late, and gets to the third owner before the sync of the gateway. */
    @Example
    void clientsAgreeAlthoughAnAnswerComesBeforeTheSync() {
        SimulatedPair pair = new SimulatedPair();
        pair.deliverToClient(FIRST);
        pair.deliverToRoom(FIRST);
        pair.takeOver(TakeOver.INPUT_LOST);
        pair.deliverToRoom(SECOND); // The sync.
        pair.deliverFromRoom(SECOND); // The answer to the sync gets to the gateway.
        pair.deliverToClient(SECOND); // The offer, which the client answers.
        pair.takeOver(TakeOver.NOTHING_LOST);
        pair.deliverToGateway(SECOND);
        pair.deliverToRoom(SECOND); // The answer.

        pair.settle();

        pair.assertAgreed();
    }
}
