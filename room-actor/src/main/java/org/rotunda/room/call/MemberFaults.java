package org.rotunda.room.call;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.state.Departure;

/**
 * Limits the effect of a defect in the work for one member of a call. The member's participant leaves the room with an
 * error, and the call goes on. Owned by the conductor.
 */
final class MemberFaults {
    private final LiveRoom live;

    MemberFaults(LiveRoom live) {
        this.live = live;
    }

    /** Does a part of the work for one member. Returns false if that part has failed. */
    boolean guard(ParticipantSid participant, FaultPlace place, Runnable part) {
        try {
            part.run();
            return true;
        } catch (RuntimeException fault) {
            end(participant, place, fault);
            return false;
        }
    }

    /**
     * Ends a member after a defect. The entity is asked at each defect, because an earlier request may have been lost.
     *
     * @param fault the exception; null if the defect is in a router
     */
    void end(ParticipantSid participant, FaultPlace place, @Nullable RuntimeException fault) {
        live.environment().statistics().countMemberFault(place);
        live.log()
                .atError()
                .addKeyValue("participant", participant.value())
                .addKeyValue("place", place)
                .setCause(fault)
                .log("a fault ends a participant");
        live.ask(new CallReport.MemberEnded(participant, Departure.FAULT));
    }
}
