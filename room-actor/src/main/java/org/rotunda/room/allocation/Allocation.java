package org.rotunda.room.allocation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.TrackSid;

/**
 * The layers that one subscriber's tracks get, without regard to what they had before.
 *
 * @param tracks the tracks, the most important one first
 * @param sumBps what they cost together
 * @param budgetBps the bandwidth for all video of the subscriber
 */
public record Allocation(List<Share> tracks, long sumBps, long budgetBps) {
    public Allocation {
        tracks = List.copyOf(tracks);
    }

    /**
     * What one track gets.
     *
     * @param layer the layer to send; null if the track is off
     */
    public record Share(TrackSid track, @Nullable LadderPoint layer, Explanation explanation) {}
}
