package org.rotunda.room.protocol;

import java.util.random.RandomGenerator;

/**
 * One of possibly several tries to create the same room. The caller chooses the SID, so that a try whose answer was lost
 * can be repeated under the same SID.
 *
 * @param sid the SID that the new room gets
 * @param repeated true if an earlier try with this SID has failed without an answer of the room, so that the room may
 *     exist already
 */
public record CreateAttempt(RoomSid sid, boolean repeated) {

    /** Returns the first try, under a new SID. */
    public static CreateAttempt first(RandomGenerator random) {
        return new CreateAttempt(RoomSid.random(random), false);
    }

    /** Returns the next try, under the same SID. */
    public CreateAttempt again() {
        return new CreateAttempt(sid, true);
    }
}
