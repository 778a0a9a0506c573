package org.rotunda.gateway.signal;

/** The limits of clients' signaling messages. */
public final class SignalLimits {
    /**
     * Length of one frame in UTF-16 units. A big room's description has several hundred thousand; the protocol asks for
     * 1 MB.
     */
    public static final int FRAME_CHARS_MAX = 1024 * 1024;

    /** Nesting of JSON; real messages nest seven deep. */
    static final int NESTING_MAX = 32;

    /** Length of session ids, tokens and names; only a description may be longer. */
    static final int TEXT_CHARS_MAX = 16 * 1024;

    /** Tracks of one participant, more than a room lets all participants publish. */
    static final int TRACKS_MAX = 256;

    /** Peer connections in one message; normally one, a few after a resume. */
    static final int CONNECTIONS_MAX = 32;

    /** Media-signaling channels in one connect; seven exist. */
    static final int CHANNELS_MAX = 32;

    private SignalLimits() {}
}
