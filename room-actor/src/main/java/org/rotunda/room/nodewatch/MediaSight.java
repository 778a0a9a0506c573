package org.rotunda.room.nodewatch;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * The knowledge of one node about a media node in another process or in this node's process. Only {@link WatchBoard}
 * and its parts use it.
 */
final class MediaSight {
    /** The load as last reported; null until a beat has told it. */
    @Nullable
    MediaNodeLoad load;

    /** The time of the last beat that named the media node. */
    long heardNanos;

    /** True if this node watches the media node's process, and no beat has named the media node for too long. */
    boolean isMissed;

    /** True if enough room nodes miss the media node. */
    boolean isSilent;

    /** True until the first event about the media node. */
    boolean isNew = true;
}
