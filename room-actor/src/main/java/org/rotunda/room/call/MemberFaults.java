package org.rotunda.room.call;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.state.Departure;

/**
 * Keeps a defect in the work for one member away from the other members of a call. The member's participant leaves the
 * room with an error, and the call goes on. Owned by the conductor.
 */
final class MemberFaults {
    private final LiveRoom live;

    MemberFaults(LiveRoom live) {
        this.live = live;
    }

    /** Does one member's part of the work. Returns false if the part has failed. */
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
     * Ends a member after a defect. The entity is asked each time, because it may have missed an earlier request.
     *
     * @param fault the exception; null if the defect is elsewhere
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
