package org.rotunda.media.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads in place what a router needs from an H.264 payload (RFC 6184 §5.4–5.8): whether a key frame starts here, and
 * the frame size if the payload holds a sequence parameter set. Handles single NAL units, STAP-A and FU-A, which are
 * the only forms in packetization-mode 1.
 *
 * <p>A reusable view: {@link #parse} fills it and allocates nothing.
 */
public final class H264Payload {
    private static final int TYPE_MASK = 0x1F;
    private static final int TYPE_IDR = 5;
    private static final int TYPE_SPS = 7;
    private static final int TYPE_STAP_A = 24;
    private static final int TYPE_FU_A = 28;
    private static final int SINGLE_TYPE_MAX = 23;
    private static final int FU_START_BIT = 0x80;
    // The maximum number of NAL units that are read from one STAP-A, to bound the work on invalid packets. A real
    // STAP-A holds SPS, PPS, SEI and a few slices.
    private static final int NALS_PER_STAP_MAX = 64;

    private final H264Sps sps = new H264Sps();
    private boolean keyFrameStart;
    private int width;
    private int height;

    /**
     * Parses a payload of {@code payloadLengthBytes} bytes that begins at the absolute index {@code offset} of the
     * buffer.
     *
     * @return false if the payload is empty, of a type that packetization-mode 1 forbids, or has inconsistent lengths
     */
    public boolean parse(ByteBuf packet, int offset, int payloadLengthBytes) {
        keyFrameStart = false;
        width = 0;
        height = 0;
        if (payloadLengthBytes < 1) {
            return false;
        }
        int type = packet.getByte(offset) & TYPE_MASK;
        if (type == TYPE_STAP_A) {
            return parseAggregate(packet, offset + 1, offset + payloadLengthBytes);
        }
        if (type == TYPE_FU_A) {
            if (payloadLengthBytes < 2) {
                return false;
            }
            int fuHeader = packet.getUnsignedByte(offset + 1);
            if ((fuHeader & FU_START_BIT) != 0) {
                onNal(fuHeader & TYPE_MASK);
            }
            return true;
        }
        if (type == 0 || type > SINGLE_TYPE_MAX) {
            return false;
        }
        onNal(type);
        onParameterSet(type, packet, offset, payloadLengthBytes);
        return true;
    }

    private boolean parseAggregate(ByteBuf packet, int from, int end) {
        int at = from;
        for (int nal = 0; nal < NALS_PER_STAP_MAX && at < end; nal++) {
            if (at + 2 > end) {
                return false;
            }
            int length = packet.getUnsignedShort(at);
            at += 2;
            if (length == 0 || at + length > end) {
                return false;
            }
            int type = packet.getByte(at) & TYPE_MASK;
            onNal(type);
            onParameterSet(type, packet, at, length);
            at += length;
        }
        return at == end && at > from;
    }

    /**
     * Handles the type of a NAL unit. An SPS counts as the start of a key frame, because it precedes the IDR picture,
     * often in its own packet.
     */
    private void onNal(int type) {
        keyFrameStart |= type == TYPE_IDR || type == TYPE_SPS;
    }

    private void onParameterSet(int type, ByteBuf packet, int offset, int lengthBytes) {
        if (type == TYPE_SPS && sps.parse(packet, offset + 1, lengthBytes - 1)) {
            width = sps.width();
            height = sps.height();
        }
    }

    /** Returns whether a decoder can begin with this packet: an IDR slice or a sequence parameter set starts here. */
    public boolean isKeyFrameStart() {
        return keyFrameStart;
    }

    /** Returns the width in pixels, or 0 if this packet has no frame size. */
    public int width() {
        return width;
    }

    /** Returns the height in pixels, or 0 if this packet has no frame size. */
    public int height() {
        return height;
    }
}
