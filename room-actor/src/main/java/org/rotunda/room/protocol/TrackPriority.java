package org.rotunda.room.protocol;

/** The priority that a publisher gives its track. */
public enum TrackPriority {
    LOW,
    STANDARD,
    HIGH
}
