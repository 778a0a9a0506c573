package org.rotunda.media.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Finds RTP header extension elements in place, in the one-byte and the two-byte form (RFC 8285 §4.2, §4.3).
 *
 * <p>An element is returned as one {@code int}, so that nothing is allocated. {@link #offset} and {@link #lengthBytes}
 * read the two parts of the {@code int}. A block with wrong lengths is read up to the first wrong length.
 */
public final class RtpExtensions {
    /** The result when the packet has no such element. */
    public static final int NONE = -1;

    static final int ONE_BYTE_PROFILE = 0xBEDE;
    static final int TWO_BYTE_PROFILE = 0x1000;
    static final int ONE_BYTE_ID_MAX = 14; // Id 15 is reserved and ends the block.
    static final int ONE_BYTE_LENGTH_MAX = 16;
    private static final int ONE_BYTE_ID_STOP = 15;
    private static final int TWO_BYTE_PROFILE_MASK = 0xFFF0; // The low four bits are for applications.
    private static final int PADDING_ID = 0;

    private RtpExtensions() {}

    /**
     * Returns the element with this id, or {@link #NONE}. Requires {@link RtpHeader#isValid}.
     *
     * @param id the id negotiated by {@code a=extmap}, 1–255; an id of 0 (not negotiated) is never found
     */
    public static int find(ByteBuf packet, int id) {
        if (id == PADDING_ID || !RtpHeader.hasExtensions(packet)) {
            return NONE;
        }
        int block = RtpHeader.extensionOffset(packet);
        int from = block + RtpHeader.EXTENSION_HEADER_LENGTH_BYTES;
        int to = block + RtpHeader.extensionLengthBytes(packet);
        int profile = packet.getUnsignedShort(packet.readerIndex() + block);
        if (profile == ONE_BYTE_PROFILE) {
            return findOneByte(packet, id, from, to);
        }
        return (profile & TWO_BYTE_PROFILE_MASK) == TWO_BYTE_PROFILE ? findTwoByte(packet, id, from, to) : NONE;
    }

    /** Returns the offset of the element's data, relative to the packet's reader index. */
    public static int offset(int element) {
        return element >>> 8;
    }

    public static int lengthBytes(int element) {
        return element & 0xFF;
    }

    private static int findOneByte(ByteBuf packet, int id, int from, int to) {
        int base = packet.readerIndex();
        int at = from;
        while (at < to) {
            int head = packet.getUnsignedByte(base + at);
            int elementId = head >>> 4;
            if (elementId == PADDING_ID) {
                at++;
                continue;
            }
            int length = (head & 0x0F) + 1;
            if (elementId == ONE_BYTE_ID_STOP || at + 1 + length > to) {
                return NONE;
            }
            if (elementId == id) {
                return element(at + 1, length);
            }
            at += 1 + length;
        }
        return NONE;
    }

    private static int findTwoByte(ByteBuf packet, int id, int from, int to) {
        int base = packet.readerIndex();
        int at = from;
        while (at < to) {
            int elementId = packet.getUnsignedByte(base + at);
            if (elementId == PADDING_ID) {
                at++;
                continue;
            }
            if (at + 2 > to) {
                return NONE;
            }
            int length = packet.getUnsignedByte(base + at + 1);
            if (at + 2 + length > to) {
                return NONE;
            }
            if (elementId == id) {
                return element(at + 2, length);
            }
            at += 2 + length;
        }
        return NONE;
    }

    private static int element(int offset, int lengthBytes) {
        return offset << 8 | lengthBytes;
    }
}
