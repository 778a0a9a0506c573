package org.rotunda.load.bot.source;

import io.netty.buffer.ByteBuf;

/**
 * Encoded VP8 video in one or more simulcast layers, frame by frame, shared by all bots that send it. Frame 0 is a key frame of every
 * layer and the only one, so a source is started over where a key frame is asked for. Temporal layers follow {@link #temporalId}.
 * Any thread; holds no state of a sender.
 */
public interface VideoSource {
    int FRAMES_PER_SECOND = 30;

    /** Lowest first. */
    int layers();

    /** After how many frames it begins anew. */
    int frames();

    int lengthBytes(int layer, int frame);

    /** Appends {@code lengthBytes} of the frame from this offset. */
    void writeTo(ByteBuf out, int layer, int frame, int offset, int lengthBytes);

    /** 0, 2, 1, 2 and so on, as libwebrtc has it with three temporal layers. */
    default int temporalId(int frame) {
        return (frame & 1) == 1 ? 2 : (frame & 3) == 2 ? 1 : 0;
    }

    /** The Y bit: the first two enhancement frames of the pattern refer to the base layer alone. */
    default boolean isLayerSync(int frame) {
        int position = frame & 3;
        return position == 1 || position == 2;
    }
}
