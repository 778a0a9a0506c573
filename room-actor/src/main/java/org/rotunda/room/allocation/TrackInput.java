package org.rotunda.room.allocation;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/**
 * One video track as its allocation to one subscriber sees it. Audio is never an input: it is always sent, and the
 * subscriber's reserve pays for it.
 *
 * @param track the SID of the publication
 * @param priority the effective priority ({@link EffectivePriority})
 * @param renderSize the size of its tile as the client has told it; null if the client has not
 * @param clientEnabled false if the client has asked for the track not to be sent
 * @param screen true for a shared screen
 * @param loudRank the place of its publisher among the speakers, 0 for the loudest; publishers that do not speak may
 *     share a place
 * @param joinOrder the place of its publisher in the order of arrival, which decides between equals
 * @param ladder the layers that the publisher sends
 */
public record TrackInput(
        TrackSid track,
        TrackPriority priority,
        @Nullable RenderSize renderSize,
        boolean clientEnabled,
        boolean screen,
        int loudRank,
        int joinOrder,
        Ladder ladder) {}
