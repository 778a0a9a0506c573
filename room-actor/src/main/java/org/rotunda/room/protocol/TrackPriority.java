package org.rotunda.room.protocol;

/** How much a publisher wants its track to be seen. */
public enum TrackPriority {
    LOW,
    STANDARD,
    HIGH
}
