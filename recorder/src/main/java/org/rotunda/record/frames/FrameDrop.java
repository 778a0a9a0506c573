package org.rotunda.record.frames;

/** Why a packet or a frame is not in a file. */
public enum FrameDrop {
    /** The packet has no payload, as padding has none. */
    EMPTY,
    /** The payload is not that of its codec. */
    MALFORMED,
    /** Packets of the frame are missing. */
    INCOMPLETE,
    /** The frame refers to a frame that is lost; the next key frame ends this. */
    BEFORE_KEY_FRAME,
    /** The frame is of a temporal layer that refers to a lost frame of an upper layer. */
    BROKEN_LAYER,
    /** The frame is longer than a file takes. */
    TOO_LARGE,
    /** Too many frames wait for the disk. */
    SLOW_DISK,
    /** A key frame of H.264 whose parameter sets never came. */
    NO_PARAMETER_SETS;

    public static final int COUNT = values().length;

    /** Returns a number from 0 to {@link #COUNT} - 1. */
    @SuppressWarnings("EnumOrdinal") // The ordinal is never stored or sent.
    public int index() {
        return ordinal();
    }
}
