package org.rotunda.media.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads the VP8 payload descriptor and the start of the VP8 frame in place (RFC 7741 §4.2, §4.3).
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * |X|R|N|S|R| PID |  required
 * |I|L|T|K| RSV   |  if X
 * |M| PictureID   |  if I; 15 bits in two bytes if M
 * |   TL0PICIDX   |  if L
 * |TID|Y| KEYIDX  |  if T or K
 * </pre>
 *
 * <p>A reusable view. {@link #parse} fills it and must be called before any other method. Parsing allocates nothing.
 * Absent fields have the value {@link #ABSENT}.
 */
public final class Vp8Descriptor {
    public static final int ABSENT = -1;

    /** The mask of a picture id. We always write 15 bits, so that the length of a packet does not depend on the id. */
    public static final int PICTURE_ID_MASK = 0x7FFF;

    // The header holds frame tag, start code, width and height.
    private static final int KEY_FRAME_HEADER_LENGTH_BYTES = 10;
    private static final int START_CODE = 0x9D012A;

    private int lengthBytes;
    private boolean frameStart;
    private boolean keyFrame;
    private boolean discardable;
    private int pictureId;
    private int pictureIdOffset;
    private boolean pictureIdLong;
    private int tl0PicIdx;
    private int tl0PicIdxOffset;
    private int temporalId;
    private boolean layerSync;
    private int keyIdx;
    private int width;
    private int height;

    /**
     * Parses a payload of {@code payloadLengthBytes} bytes that begins at the absolute index {@code offset} of the
     * buffer.
     *
     * @return false if the descriptor is cut off or no frame data follows; the view is then undefined
     */
    public boolean parse(ByteBuf packet, int offset, int payloadLengthBytes) {
        int end = offset + payloadLengthBytes;
        if (payloadLengthBytes < 1) {
            return false;
        }
        int first = packet.getUnsignedByte(offset);
        boolean hasPictureId = false;
        boolean hasTl0PicIdx = false;
        boolean hasTemporalId = false;
        boolean hasKeyIdx = false;
        int at = offset + 1;
        if ((first & 0x80) != 0) {
            if (at >= end) {
                return false;
            }
            int flags = packet.getUnsignedByte(at++);
            hasPictureId = (flags & 0x80) != 0;
            hasTl0PicIdx = (flags & 0x40) != 0;
            hasTemporalId = (flags & 0x20) != 0;
            hasKeyIdx = (flags & 0x10) != 0;
        }

        pictureId = ABSENT;
        pictureIdOffset = ABSENT;
        pictureIdLong = false;
        if (hasPictureId) {
            if (at >= end) {
                return false;
            }
            pictureIdOffset = at - offset;
            pictureId = packet.getUnsignedByte(at++);
            pictureIdLong = (pictureId & 0x80) != 0;
            if (pictureIdLong) {
                if (at >= end) {
                    return false;
                }
                pictureId = (pictureId & 0x7F) << 8 | packet.getUnsignedByte(at++);
            }
        }

        tl0PicIdx = ABSENT;
        tl0PicIdxOffset = ABSENT;
        if (hasTl0PicIdx) {
            if (at >= end) {
                return false;
            }
            tl0PicIdxOffset = at - offset;
            tl0PicIdx = packet.getUnsignedByte(at++);
        }

        temporalId = ABSENT;
        layerSync = false;
        keyIdx = ABSENT;
        if (hasTemporalId || hasKeyIdx) {
            if (at >= end) {
                return false;
            }
            int value = packet.getUnsignedByte(at++);
            temporalId = hasTemporalId ? value >>> 6 : ABSENT;
            layerSync = hasTemporalId && (value & 0x20) != 0;
            keyIdx = hasKeyIdx ? value & 0x1F : ABSENT;
        }
        if (at >= end) {
            return false; // No frame follows the descriptor.
        }

        lengthBytes = at - offset;
        discardable = (first & 0x20) != 0;
        frameStart = (first & 0x10) != 0 && (first & 0x07) == 0;
        parseFrame(packet, at, end);
        return true;
    }

    /**
     * Reads the frame header (RFC 6386 §9.1). In a key frame, the low bit of the frame tag is 0 and the frame size
     * follows.
     */
    private void parseFrame(ByteBuf packet, int at, int end) {
        keyFrame = frameStart && (packet.getByte(at) & 0x01) == 0;
        width = 0;
        height = 0;
        if (keyFrame && end - at >= KEY_FRAME_HEADER_LENGTH_BYTES && packet.getUnsignedMedium(at + 3) == START_CODE) {
            width = packet.getUnsignedShortLE(at + 6) & 0x3FFF;
            height = packet.getUnsignedShortLE(at + 8) & 0x3FFF;
        }
    }

    /** Returns the length of the descriptor without the VP8 frame data that follows. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Returns whether this packet starts a frame: the S bit is set and the partition is 0. */
    public boolean isFrameStart() {
        return frameStart;
    }

    /** Returns whether this packet starts a key frame. The later packets of a key frame do not start it. */
    public boolean isKeyFrameStart() {
        return keyFrame;
    }

    /** Returns the N bit: true if no other frame refers to this frame. */
    public boolean isDiscardable() {
        return discardable;
    }

    public int pictureId() {
        return pictureId;
    }

    /** Returns whether the picture id takes two bytes (M set), as Chromium always sends it. */
    public boolean isPictureIdLong() {
        return pictureIdLong;
    }

    /** Returns the offset of the picture id, relative to the payload. */
    public int pictureIdOffset() {
        return pictureIdOffset;
    }

    public int tl0PicIdx() {
        return tl0PicIdx;
    }

    public int tl0PicIdxOffset() {
        return tl0PicIdxOffset;
    }

    public int temporalId() {
        return temporalId;
    }

    /**
     * Returns the Y bit: true if this frame refers to the base layer only. A decoder can then begin to decode the
     * frame's temporal layer at this frame.
     */
    public boolean isLayerSync() {
        return layerSync;
    }

    public int keyIdx() {
        return keyIdx;
    }

    /** Returns the width of a key frame in pixels, or 0 if this packet has no frame size. */
    public int width() {
        return width;
    }

    /** Returns the height of a key frame in pixels, or 0 if this packet has no frame size. */
    public int height() {
        return height;
    }

    /**
     * Returns the length of the descriptor that {@link #writeRewritten} writes. If the written descriptor has a picture
     * id, the id has 15 bits.
     */
    public int rewrittenLengthBytes() {
        return pictureId == ABSENT || pictureIdLong ? lengthBytes : lengthBytes + 1;
    }

    /**
     * Appends the descriptor of the last parsed payload, with new ids. The caller then appends the frame data. A
     * picture id of 7 bits is written with 15 bits.
     */
    public void writeRewritten(ByteBuf packet, int offset, ByteBuf destination, int newPictureId, int newTl0PicIdx) {
        int start = destination.writerIndex();
        if (pictureId == ABSENT || pictureIdLong) {
            destination.writeBytes(packet, offset, lengthBytes);
            if (pictureId != ABSENT) {
                destination.setShort(start + pictureIdOffset, 0x8000 | (newPictureId & PICTURE_ID_MASK));
            }
        } else {
            destination.writeBytes(packet, offset, pictureIdOffset);
            destination.writeShort(0x8000 | (newPictureId & PICTURE_ID_MASK));
            int rest = pictureIdOffset + 1;
            destination.writeBytes(packet, offset + rest, lengthBytes - rest);
        }
        if (tl0PicIdx != ABSENT) {
            int shift = rewrittenLengthBytes() - lengthBytes;
            destination.setByte(start + tl0PicIdxOffset + shift, newTl0PicIdx);
        }
    }

    /** Overwrites the ids of the last parsed payload in place. The picture id must have 15 bits or be absent. */
    public void rewriteInPlace(ByteBuf packet, int offset, int newPictureId, int newTl0PicIdx) {
        if (pictureId != ABSENT) {
            if (!pictureIdLong) {
                throw new IllegalStateException("a 7-bit picture id cannot be rewritten in place");
            }
            packet.setShort(offset + pictureIdOffset, 0x8000 | (newPictureId & PICTURE_ID_MASK));
        }
        if (tl0PicIdx != ABSENT) {
            packet.setByte(offset + tl0PicIdxOffset, newTl0PicIdx);
        }
    }
}
