package org.rotunda.room.allocation;

import org.jspecify.annotations.Nullable;

/**
 * The reason of a track's present layer with the numbers behind it.
 *
 * @param reason the reason
 * @param layer the layer that is sent; null if the track is off
 * @param desired the layer that the tile can use at most; null if the publisher sends nothing
 * @param next the next step; null if there is none
 * @param budgetBps the bandwidth for all video of the subscriber
 * @param sumBps what all its tracks cost now
 * @param waitMillis the time until the next step or the return if the bandwidth stays; 0 if no wait is running
 */
public record Explanation(
        Reason reason,
        @Nullable LadderPoint layer,
        @Nullable LadderPoint desired,
        @Nullable LadderPoint next,
        long budgetBps,
        long sumBps,
        long waitMillis) {
    /** Returns the explanation as one sentence for people. */
    public String text() {
        return reason.name();
    }
}
