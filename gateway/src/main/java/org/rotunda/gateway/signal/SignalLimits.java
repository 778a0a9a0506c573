package org.rotunda.gateway.signal;

/** Limits on what a client may send over signaling. */
public final class SignalLimits {
    /** One frame, in UTF-16 units. A description of a big room has several hundred thousand; the protocol asks for 1 MB at least. */
    public static final int FRAME_CHARS_MAX = 1024 * 1024;

    /** Real messages nest seven deep. */
    static final int NESTING_MAX = 32;

    /** Session ids, tokens and names; a whole description may be longer. */
    static final int TEXT_CHARS_MAX = 16 * 1024;

    /** Tracks of one participant, far above what a room lets anybody publish. */
    static final int TRACKS_MAX = 256;

    /** Peer connections in one message; normally one, after a resume a few. */
    static final int CONNECTIONS_MAX = 32;

    /** Media-signaling channels asked for; seven exist. */
    static final int CHANNELS_MAX = 32;

    private SignalLimits() {}
}
