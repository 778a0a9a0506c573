package org.rotunda.record.frames;

import io.netty.buffer.ByteBuf;

/**
 * A whole frame, as it stands in a file. Who has it owns one reference of the payload.
 *
 * @param firstSequence the sequence number of its first packet
 * @param timestamp the RTP timestamp
 * @param arrivalMicros when its first packet arrived, in microseconds since 1970
 * @param keyFrame true for a key frame, and for each frame of audio
 * @param width the width in pixels of a key frame, or 0
 * @param height the height in pixels of a key frame, or 0
 * @param afterLoss true if packets are missing between the frame before and this one
 */
public record Frame(
        long firstSequence,
        int timestamp,
        long arrivalMicros,
        boolean keyFrame,
        int width,
        int height,
        boolean afterLoss,
        ByteBuf payload) {
    public void release() {
        payload.release();
    }
}
