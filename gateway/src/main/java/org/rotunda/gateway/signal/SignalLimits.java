package org.rotunda.gateway.signal;

/** The limits of clients' signaling messages. */
public final class SignalLimits {
    /**
     * The greatest length of a frame in UTF-16 units. The description of a big room has several hundred thousand units;
     * the protocol asks for 1 MB.
     */
    public static final int FRAME_CHARS_MAX = 1024 * 1024;

    /** The deepest nesting of JSON; real messages nest seven levels deep. */
    static final int NESTING_MAX = 32;

    /** The greatest length of session ids, tokens and names; only a description may be longer. */
    static final int TEXT_CHARS_MAX = 16 * 1024;

    /** The most tracks of one participant. A room lets all its participants together publish fewer tracks. */
    static final int TRACKS_MAX = 256;

    /** The most peer connections in one message. Normally there is one; after a resume there are a few. */
    static final int CONNECTIONS_MAX = 32;

    /** The most media-signaling channels in one connect; only seven channels exist. */
    static final int CHANNELS_MAX = 32;

    private SignalLimits() {}
}
