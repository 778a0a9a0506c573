package org.rotunda.load.bot.source;

import io.netty.buffer.ByteBuf;

/**
 * Splits a VP8 frame into RTP payloads (RFC 7741) as libwebrtc does. A frame gets as few packets as possible. The sizes
 * of its packets differ by at most one byte, and the larger packets come last. Each payload descriptor has a 15-bit
 * picture id, TL0PICIDX and the temporal layer.
 */
public final class Vp8Packetizer {
    /**
     * The maximum number of frame bytes in one packet. It keeps the RTP packet below 1,200 bytes, including the
     * descriptor, header extensions and the original sequence number of RTX.
     */
    public static final int FRAGMENT_BYTES_MAX = 1_150;

    private static final int EXTENDED = 0x80;
    private static final int NON_REFERENCE = 0x20;
    private static final int START = 0x10;
    private static final int HAS_PICTURE_ID = 0x80;
    private static final int HAS_TL0 = 0x40;
    private static final int HAS_TID = 0x20;
    private static final int LAYER_SYNC = 0x20;

    private Vp8Packetizer() {}

    /** Returns the number of packets of a frame of this length. */
    public static int packets(int frameBytes) {
        return (frameBytes + FRAGMENT_BYTES_MAX - 1) / FRAGMENT_BYTES_MAX;
    }

    /** Returns the offset in the frame at which this packet's fragment begins. */
    public static int offset(int frameBytes, int packet) {
        int packets = packets(frameBytes);
        int larger = frameBytes % packets;
        return packet * (frameBytes / packets) + Math.max(0, packet - (packets - larger));
    }

    /** Returns the number of frame bytes in this packet. */
    public static int lengthBytes(int frameBytes, int packet) {
        int packets = packets(frameBytes);
        return frameBytes / packets + (packet >= packets - frameBytes % packets ? 1 : 0);
    }

    /** Appends the payload descriptor (RFC 7741 §4.2). */
    public static void writeDescriptor(
            ByteBuf out, boolean start, int pictureId, int tl0PicIdx, int temporalId, boolean layerSync) {
        boolean nonReference = temporalId == 2; // No frame refers to the top temporal layer.
        out.writeByte(EXTENDED | (nonReference ? NON_REFERENCE : 0) | (start ? START : 0));
        out.writeByte(HAS_PICTURE_ID | HAS_TL0 | HAS_TID);
        out.writeShort(0x8000 | pictureId);
        out.writeByte(tl0PicIdx);
        out.writeByte(temporalId << 6 | (layerSync ? LAYER_SYNC : 0));
    }
}
