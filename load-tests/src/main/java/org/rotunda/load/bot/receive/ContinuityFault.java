package org.rotunda.load.bot.receive;

/** What breaks the continuity of a received stream. Whatever the router switched between, a stream must look as if one encoder made it. */
public enum ContinuityFault {
    /** Packets were lost and did not come again in time; counts each hole, not each packet. */
    GAP,
    /** The sequence number left the window: the stream began anew. */
    SEQUENCE_JUMP,
    /** One sequence number came with two different packets. */
    NUMBER_REUSED,
    /** A frame is not later than the one before it. */
    TIMESTAMP_BACK,
    /** A frame has more than one timestamp. */
    TIMESTAMP_SPLIT,
    /** A frame begins before the one before it ended, or goes on after its end. */
    FRAME_CUT,
    /** The picture id is not the next one, or changes within a frame. */
    PICTURE_ID,
    /** TL0PICIDX does not count the frames of the base layer. */
    TL0_PIC_IDX,
    /** The first packet of the stream does not begin a key frame. */
    FIRST_NOT_KEY,
    /** Another source or layer goes on without a key frame; only seen on streams of bots. */
    SWITCH_WITHOUT_KEY,
    /** An older frame of the same source came again; only seen on streams of bots. */
    FRAME_REPEATED,
    /** No VP8 payload descriptor, or a broken RTP header. */
    MALFORMED
}
