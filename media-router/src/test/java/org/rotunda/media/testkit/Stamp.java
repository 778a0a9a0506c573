package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The stamp that a simulated encoder writes at the end of each payload. With it a receiver can check without a decoder
 * what the router did to the stream.
 *
 * @param source number of the track, see {@link PublishedTrack#source}
 * @param encoding simulcast layer, 0 is the lowest
 * @param frame number of the frame in its encoding
 * @param part number of the packet in the frame
 * @param isLast whether the frame ends here
 * @param isKeyFrame whether the packet is part of a key frame
 * @param temporalId temporal layer
 * @param base number of frames of temporal layer 0 so far. A frame of layer 0 depends on the frame of layer 0 before;
 *     any other frame depends on the frame of layer 0 that has this number
 * @param captureNanos virtual time at which the frame was captured
 */
public record Stamp(
        int source,
        int encoding,
        int frame,
        int part,
        boolean isLast,
        boolean isKeyFrame,
        int temporalId,
        int base,
        long captureNanos) {
    static final int LENGTH_BYTES = 4 + 1 + 4 + 1 + 1 + 1 + 1 + 4 + 8;

    void writeTo(ByteBuf out) {
        out.writeInt(source).writeByte(encoding).writeInt(frame).writeByte(part);
        out.writeBoolean(isLast).writeBoolean(isKeyFrame).writeByte(temporalId);
        out.writeInt(base).writeLong(captureNanos);
    }

    /** Reads the stamp from the end of a packet. Returns null if the packet is too short to have one. */
    static @Nullable Stamp of(ByteBuf packet) {
        if (packet.readableBytes() < LENGTH_BYTES) {
            return null;
        }
        ByteBuf stamp = packet.slice(packet.writerIndex() - LENGTH_BYTES, LENGTH_BYTES);
        return new Stamp(
                stamp.readInt(),
                stamp.readByte(),
                stamp.readInt(),
                stamp.readByte(),
                stamp.readBoolean(),
                stamp.readBoolean(),
                stamp.readByte(),
                stamp.readInt(),
                stamp.readLong());
    }
}
