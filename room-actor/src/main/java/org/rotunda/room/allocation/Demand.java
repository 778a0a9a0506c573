package org.rotunda.room.allocation;

/**
 * What a subscriber could use, for the prober of its congestion control. All rates include the reserve.
 *
 * @param desiredBps the rate of all tracks in the layers that their tiles can use; 0 if there is no video to send
 * @param minimumBps the rate of the lowest layers of all tracks that the client has not switched off
 * @param nextBps the estimate that allows the next upgrade or return of a track; 0 if nothing is missing
 * @param capBps the highest estimate that would change anything
 */
public record Demand(long desiredBps, long minimumBps, long nextBps, long capBps) {
    /** The demand of a subscriber without video. */
    public static final Demand NONE = new Demand(0, 0, 0, 0);
}
