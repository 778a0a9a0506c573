package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtp.RtpHeader;

/**
 * A stamp that a simulated encoder writes at the end of each payload. It lets a receiver check without a decoder how
 * the router changed the stream.
 *
 * @param source the number of the track, see {@link PublishedTrack#source}
 * @param encoding the simulcast encoding; 0 is the lowest
 * @param frame the number of the frame in its encoding
 * @param part the number of the packet in the frame
 * @param isLast whether this is the frame's last packet
 * @param isKeyFrame whether the packet is part of a key frame
 * @param temporalId the temporal layer
 * @param base the number of frames of temporal layer 0 so far. A frame of layer 0 depends on the previous frame of
 *     layer 0. Any other frame depends on the frame of layer 0 with this number
 * @param captureNanos the virtual time at which the frame was captured
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

    /** Reads the stamp from the end of a packet's payload. Returns null if the payload is too short to have one. */
    static @Nullable Stamp of(ByteBuf packet) {
        if (RtpHeader.payloadLengthBytes(packet) < LENGTH_BYTES) {
            return null;
        }
        int end = packet.writerIndex() - RtpHeader.paddingLengthBytes(packet);
        ByteBuf stamp = packet.slice(end - LENGTH_BYTES, LENGTH_BYTES);
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
