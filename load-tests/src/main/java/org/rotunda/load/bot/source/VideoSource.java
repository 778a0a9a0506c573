package org.rotunda.load.bot.source;

import io.netty.buffer.ByteBuf;

/**
 * Encoded VP8 frames in one or more simulcast layers, shared by all bots that send them. In every layer, frame 0 is the
 * only key frame, so a sender that needs a key frame starts over with frame 0. Temporal layers follow {@link
 * #temporalId}. Callable from any thread, because a source holds no state of a sender.
 */
public interface VideoSource {
    int FRAMES_PER_SECOND = 30;

    /** Returns the number of simulcast layers; layer 0 is the lowest. */
    int layers();

    /** Returns the number of frames after which the video repeats. */
    int frames();

    int lengthBytes(int layer, int frame);

    /** Appends {@code lengthBytes} bytes of the frame, beginning at this offset. */
    void writeTo(ByteBuf out, int layer, int frame, int offset, int lengthBytes);

    /** Returns the temporal layer of a frame: 0, 2, 1, 2 and so on, as in libwebrtc with three temporal layers. */
    default int temporalId(int frame) {
        return (frame & 1) == 1 ? 2 : (frame & 3) == 2 ? 1 : 0;
    }

    /**
     * Returns the Y bit of a frame (layer sync). The bit is set for the first two frames after each frame of the base
     * layer, because these two frames refer to the base layer only.
     */
    default boolean isLayerSync(int frame) {
        int position = frame & 3;
        return position == 1 || position == 2;
    }
}
