package org.rotunda.room.protocol;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Erases the identity of a person from all that is stored about rooms of one account that are over. Safe to call from
 * any thread. While the database is away, the stages fail as busy.
 */
public interface IdentityErasure {

    /**
     * The place that an erasing has reached: the rooms of a status, newest first, up to one room.
     *
     * @param created the creation time of that room
     * @param sid the SID of that room
     */
    record Place(RoomStatus status, Instant created, String sid) {}

    /**
     * The result of one step.
     *
     * @param searched the number of rooms that the step has looked at
     * @param participants the number of participants whose identity was replaced by their SID
     * @param journals the number of rooms whose journal was deleted, because it contained the identity
     * @param callbacks the number of undelivered status callbacks in which the identity was replaced
     * @param left rooms that contain the identity and could not be changed, because they are in progress or have just
     *     ended; at most {@link #LEFT_MAX}
     * @param next the place at which the next step begins; null after the last step
     */
    record Step(
            int searched,
            int participants,
            int journals,
            int callbacks,
            List<RoomSid> left,
            @Nullable Place next) {
        public Step {
            left = List.copyOf(left);
        }
    }

    /** The most rooms in the list of one step. A step that has filled the list ends. */
    int LEFT_MAX = 1_000;

    /**
     * Does one step, which takes some seconds at the most. A step that is repeated does no harm.
     *
     * @param after the place that the earlier steps have reached; null for the first step
     */
    CompletionStage<Step> erase(AccountSid account, String identity, @Nullable Place after);
}
