package org.rotunda.gateway.signal;

/** The limits of signaling messages from clients. */
public final class SignalLimits {
    /**
     * The greatest length of a frame in UTF-16 units. The session description for a big room has several hundred
     * thousand units.
     */
    public static final int FRAME_CHARS_MAX = 1024 * 1024;

    /** The deepest nesting of JSON. Real messages have seven levels. */
    static final int NESTING_MAX = 32;

    /** The greatest length of session ids, tokens and names. Only session descriptions may be longer. */
    static final int TEXT_CHARS_MAX = 16 * 1024;

    /** The maximum number of tracks of one participant. The limit of tracks in a whole room is lower. */
    static final int TRACKS_MAX = 256;

    /**
     * The maximum number of peer connections in one message. A message normally has one connection, and after a resume
     * a few.
     */
    static final int CONNECTIONS_MAX = 32;

    /** The maximum number of media-signaling channels in one connect. Only seven channels exist. */
    static final int CHANNELS_MAX = 32;

    private SignalLimits() {}
}
