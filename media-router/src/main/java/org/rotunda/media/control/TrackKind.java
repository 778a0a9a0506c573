package org.rotunda.media.control;

/** The kinds of media that a track can carry. */
public enum TrackKind {
    AUDIO,
    VIDEO,
    DATA
}
