package org.rotunda.media.control;

/** What a track carries. */
public enum TrackKind {
    AUDIO,
    VIDEO,
    DATA
}
