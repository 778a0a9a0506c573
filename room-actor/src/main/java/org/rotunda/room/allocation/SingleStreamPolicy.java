package org.rotunda.room.allocation;

/** What happens if a track with a single encoding does not fit into the bandwidth of one of its subscribers. */
public enum SingleStreamPolicy {
    /**
     * The publisher lowers its rate to that of its weakest subscriber, but not below
     * {@link PublisherLimits#FLOOR_BPS}. A subscriber that cannot have even this rate is switched off.
     */
    THROTTLE_PUBLISHER,

    /** The track is switched off for subscribers that it does not fit; the publisher is never throttled. */
    PROTECT_PUBLISHER
}
