package org.rotunda.media.control;

/** The kinds of media a track carries. */
public enum TrackKind {
    AUDIO,
    VIDEO,
    DATA
}
