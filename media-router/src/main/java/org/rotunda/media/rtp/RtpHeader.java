package org.rotunda.media.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Reads and changes the RTP header in place (RFC 3550 §5.1 and §5.3.1). A view that owns nothing and allocates nothing.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |           synchronization source (SSRC) identifier            |
 * |            contributing sources (CSRC), CC of them            |
 * |     extension profile         |  extension length in words    |  if X
 * </pre>
 *
 * <p>Offsets are relative to the reader index. SRTP encrypts the padding, so {@link #isValid} looks at the header only.
 * Callers check {@link #isPaddingValid} after decryption.
 */
public final class RtpHeader {
    public static final int FIXED_LENGTH_BYTES = 12;
    static final int EXTENSION_HEADER_LENGTH_BYTES = 4;

    private static final int VERSION_2 = 0x80;
    private static final int PADDING_BIT = 0x20;
    private static final int EXTENSION_BIT = 0x10;
    private static final int MARKER_BIT = 0x80;
    private static final int SEQUENCE_NUMBER_OFFSET = 2;
    private static final int TIMESTAMP_OFFSET = 4;
    private static final int SSRC_OFFSET = 8;

    private RtpHeader() {}

    /**
     * Returns whether the buffer holds a whole header with its CSRCs and extension block. All other methods require a
     * whole header.
     */
    public static boolean isValid(ByteBuf packet) {
        int length = packet.readableBytes();
        if (length < FIXED_LENGTH_BYTES) {
            return false;
        }
        int first = first(packet);
        int fixed = FIXED_LENGTH_BYTES + 4 * (first & 0x0F);
        if (first >>> 6 != 2 || length < fixed) {
            return false;
        }
        return (first & EXTENSION_BIT) == 0
                || (length >= fixed + EXTENSION_HEADER_LENGTH_BYTES && length >= fixed + extensionLengthBytes(packet));
    }

    /**
     * Returns whether the padding of a decrypted packet lies inside its payload. The methods on the payload require
     * valid padding.
     */
    public static boolean isPaddingValid(ByteBuf packet) {
        if (!hasPadding(packet)) {
            return true;
        }
        int padding = packet.getUnsignedByte(packet.writerIndex() - 1);
        int lengthBytes = lengthBytes(packet);
        return padding > 0 && lengthBytes < packet.readableBytes() && padding <= packet.readableBytes() - lengthBytes;
    }

    /**
     * Returns the length of the whole header: fixed part, CSRCs and extension block. This is also the offset of the
     * payload.
     */
    public static int lengthBytes(ByteBuf packet) {
        int length = extensionOffset(packet);
        return hasExtensions(packet) ? length + extensionLengthBytes(packet) : length;
    }

    /** Returns the length of the payload without its padding. It is 0 if the packet has only padding. */
    public static int payloadLengthBytes(ByteBuf packet) {
        return packet.readableBytes() - lengthBytes(packet) - paddingLengthBytes(packet);
    }

    public static int paddingLengthBytes(ByteBuf packet) {
        return hasPadding(packet) ? packet.getUnsignedByte(packet.writerIndex() - 1) : 0;
    }

    public static boolean hasPadding(ByteBuf packet) {
        return (first(packet) & PADDING_BIT) != 0;
    }

    public static boolean hasExtensions(ByteBuf packet) {
        return (first(packet) & EXTENSION_BIT) != 0;
    }

    public static int csrcCount(ByteBuf packet) {
        return first(packet) & 0x0F;
    }

    public static boolean marker(ByteBuf packet) {
        return (packet.getByte(packet.readerIndex() + 1) & MARKER_BIT) != 0;
    }

    public static int payloadType(ByteBuf packet) {
        return packet.getByte(packet.readerIndex() + 1) & 0x7F;
    }

    public static int sequenceNumber(ByteBuf packet) {
        return packet.getUnsignedShort(packet.readerIndex() + SEQUENCE_NUMBER_OFFSET);
    }

    /** Returns the timestamp as its raw 32 bits, in units of the payload's clock rate. */
    public static int timestamp(ByteBuf packet) {
        return packet.getInt(packet.readerIndex() + TIMESTAMP_OFFSET);
    }

    /** Returns the SSRC as its raw 32 bits; compare with {@code ==}, print unsigned. */
    public static int ssrc(ByteBuf packet) {
        return packet.getInt(packet.readerIndex() + SSRC_OFFSET);
    }

    public static void setMarker(ByteBuf packet, boolean marker) {
        int second = packet.readerIndex() + 1;
        packet.setByte(second, (packet.getByte(second) & 0x7F) | (marker ? MARKER_BIT : 0));
    }

    public static void setPayloadType(ByteBuf packet, int payloadType) {
        int second = packet.readerIndex() + 1;
        packet.setByte(second, (packet.getByte(second) & MARKER_BIT) | (payloadType & 0x7F));
    }

    public static void setSequenceNumber(ByteBuf packet, int sequenceNumber) {
        packet.setShort(packet.readerIndex() + SEQUENCE_NUMBER_OFFSET, sequenceNumber);
    }

    public static void setTimestamp(ByteBuf packet, int timestamp) {
        packet.setInt(packet.readerIndex() + TIMESTAMP_OFFSET, timestamp);
    }

    public static void setSsrc(ByteBuf packet, int ssrc) {
        packet.setInt(packet.readerIndex() + SSRC_OFFSET, ssrc);
    }

    /** Sets or clears the P bit. The caller writes the padding bytes. */
    public static void setPadding(ByteBuf packet, boolean padding) {
        packet.setByte(packet.readerIndex(), (first(packet) & ~PADDING_BIT) | (padding ? PADDING_BIT : 0));
    }

    /** Appends a fixed header without CSRCs at the writer index. */
    public static void write(
            ByteBuf destination,
            boolean hasExtensions,
            boolean marker,
            int payloadType,
            int sequenceNumber,
            int timestamp,
            int ssrc) {
        destination.writeByte(VERSION_2 | (hasExtensions ? EXTENSION_BIT : 0));
        destination.writeByte((marker ? MARKER_BIT : 0) | (payloadType & 0x7F));
        destination.writeShort(sequenceNumber);
        destination.writeInt(timestamp);
        destination.writeInt(ssrc);
    }

    static int extensionOffset(ByteBuf packet) {
        return FIXED_LENGTH_BYTES + 4 * csrcCount(packet);
    }

    /** Returns the length of the extension block with its four header bytes. Requires the X bit. */
    static int extensionLengthBytes(ByteBuf packet) {
        int words = packet.getUnsignedShort(packet.readerIndex() + extensionOffset(packet) + 2);
        return EXTENSION_HEADER_LENGTH_BYTES + 4 * words;
    }

    private static int first(ByteBuf packet) {
        return packet.getUnsignedByte(packet.readerIndex());
    }
}
