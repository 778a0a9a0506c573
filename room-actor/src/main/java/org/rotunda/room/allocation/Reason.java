package org.rotunda.room.allocation;

/** Why a track is sent in its present layer, or not at all. REST and {@code bin/rotunda why} show the name. */
public enum Reason {
    /** The layer is the best that the size of the tile can use, or the best that the publisher sends. */
    AS_DESIRED,

    /** The next layer does not fit into the subscriber's bandwidth. */
    BUDGET,

    /** The next layer fits, but the bandwidth has not been there for long enough. */
    HEADROOM_WAIT,

    /** The next layer fits, but the last change of this track was too short ago. */
    DWELL,

    /** The track is on although even its lowest layer does not quite fit, because it is the most important one. */
    GRACE,

    /** The track is on although its lowest layer does not fit, because the profile forbids to switch it off. */
    NEVER_OFF,

    /** The publisher sends nothing on this track now. */
    SOURCE_SILENT,

    /** The layer that the track had is no longer sent by the publisher. */
    LAYER_INACTIVE,

    /** The router holds the track below its layer, because the estimate has collapsed a moment ago. */
    STEPPED_DOWN,

    /** The client has asked for the track not to be sent. */
    CLIENT_OFF,

    /** The profile's largest number of tracks is reached by more important tracks. */
    MAX_TRACKS,

    /** The track is off, because it does not fit into the subscriber's bandwidth. */
    CONGESTION_OFF,

    /** The track is off. It fits again, and comes back when the bandwidth has been there for long enough. */
    CONGESTION_OFF_WAIT,

    /** The client cannot decode the codec of the track. */
    CODEC_MISSING;

    /** Returns whether a track with this reason is not sent. */
    public boolean isOff() {
        return switch (this) {
            case CLIENT_OFF, MAX_TRACKS, CONGESTION_OFF, CONGESTION_OFF_WAIT, CODEC_MISSING -> true;
            case AS_DESIRED,
                    BUDGET,
                    HEADROOM_WAIT,
                    DWELL,
                    GRACE,
                    NEVER_OFF,
                    SOURCE_SILENT,
                    LAYER_INACTIVE,
                    STEPPED_DOWN -> false;
        };
    }
}
