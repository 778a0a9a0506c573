package org.rotunda.load.bot.receive;

/**
 * The kinds of faults in a received stream. A stream must look as if one encoder had made it, even if the router
 * switches between sources and layers.
 */
public enum ContinuityFault {
    /** Packets were lost and not resent in time. Each gap counts as one fault. */
    GAP,
    /** A sequence number is outside the window, so the checker started over. */
    SEQUENCE_JUMP,
    /** Two different packets have the same sequence number. */
    NUMBER_REUSED,
    /** The timestamp of a frame is not later than the timestamp of the previous frame. */
    TIMESTAMP_BACK,
    /** A frame has more than one timestamp. */
    TIMESTAMP_SPLIT,
    /** A frame begins before the previous frame has ended, or packets of a frame come after its end. */
    FRAME_CUT,
    /** The picture id does not increase by one with a new frame, or changes within a frame. */
    PICTURE_ID,
    /**
     * TL0PICIDX does not increase by one with each frame of the base layer, or changes without a new frame of the base
     * layer.
     */
    TL0_PIC_IDX,
    /** The first packet of the stream is not the start of a key frame. */
    FIRST_NOT_KEY,
    /** The stream switched to another source or layer without a key frame; detected only on streams of bots. */
    SWITCH_WITHOUT_KEY,
    /** An older frame of the same source was sent again; detected only on streams of bots. */
    FRAME_REPEATED,
    /** The packet has no valid VP8 payload descriptor, or its padding is invalid. */
    MALFORMED
}
