package org.rotunda.media.rtcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.text.Utf8;

/**
 * Walks the packets of one RTCP datagram in place (RFC 3550 §6.1). A reduced-size datagram need not start with a report
 * (RFC 5506). A reusable cursor: it borrows the datagram until the next {@link #wrap} or {@link #clear} and allocates
 * nothing. The views of this package, such as {@link SenderReport}, read the packet at the cursor.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P| RC/FMT  |       PT      |  length in words, minus one   |
 * </pre>
 *
 * <p>Padding is accepted on every packet, not only on the last. libwebrtc pads transport feedback in the middle of a
 * compound, and the number of padding bytes need not be a multiple of four.
 */
public final class RtcpCompound {
    public static final int HEADER_LENGTH_BYTES = 4;

    /** The longest datagram read, in bytes: an Ethernet MTU. No peer of ours sends longer datagrams. */
    public static final int LENGTH_BYTES_MAX = 1_500;

    /**
     * The maximum number of packets in one datagram. The smallest useful packet, a PLI, has 12 bytes, so the longest
     * datagram holds 125 packets.
     */
    public static final int PACKETS_MAX = 128;

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int nextOffset;
    private int endOffset;
    private int offset;
    private int lengthBytes;

    /**
     * Checks the framing of the whole datagram and puts the cursor before the first packet.
     *
     * @return null if the datagram is well framed, else the reason to drop it; in that case {@link #next} finds no
     *     packet
     */
    public @Nullable RtcpDrop wrap(ByteBuf datagram) {
        clear();
        RtcpDrop drop = check(datagram);
        if (drop == null) {
            buffer = datagram;
            nextOffset = datagram.readerIndex();
            endOffset = datagram.writerIndex();
        }
        return drop;
    }

    /** Forgets the datagram. */
    public void clear() {
        buffer = Unpooled.EMPTY_BUFFER;
        nextOffset = 0;
        endOffset = 0;
        offset = 0;
        lengthBytes = 0;
    }

    /** Moves to the next packet. Returns false after the last packet. */
    public boolean next() {
        if (nextOffset >= endOffset) {
            return false;
        }
        offset = nextOffset;
        int wireLength = wireLengthBytes(buffer, offset);
        nextOffset += wireLength;
        lengthBytes = wireLength - paddingBytes(buffer, offset, wireLength);
        return true;
    }

    /** Returns the packet type, see {@link RtcpType}. */
    public int packetType() {
        return buffer.getUnsignedByte(offset + 1);
    }

    /**
     * Returns the five bits after the padding bit: a number of reports or sources, or the feedback message type (FMT).
     */
    public int count() {
        return buffer.getByte(offset) & 0x1F;
    }

    /** Returns the length of the current packet. The header is included, padding is not. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Appends a copy of the current packet, padding included. */
    public void copyTo(ByteBuf out) {
        out.writeBytes(buffer, offset, nextOffset - offset);
    }

    int unsignedByteAt(int position) {
        return buffer.getUnsignedByte(offset + position);
    }

    int unsignedShortAt(int position) {
        return buffer.getUnsignedShort(offset + position);
    }

    int shortAt(int position) {
        return buffer.getShort(offset + position);
    }

    int mediumAt(int position) {
        return buffer.getMedium(offset + position);
    }

    int unsignedMediumAt(int position) {
        return buffer.getUnsignedMedium(offset + position);
    }

    int intAt(int position) {
        return buffer.getInt(offset + position);
    }

    long longAt(int position) {
        return buffer.getLong(offset + position);
    }

    boolean isTextAt(int position, int length) {
        return Utf8.isValid(buffer, offset + position, length);
    }

    @Nullable
    String textAt(int position, int length) {
        return Utf8.read(buffer, offset + position, length);
    }

    private static @Nullable RtcpDrop check(ByteBuf datagram) {
        if (datagram.readableBytes() > LENGTH_BYTES_MAX) {
            return RtcpDrop.TOO_LONG;
        }
        if (datagram.readableBytes() < HEADER_LENGTH_BYTES) {
            return RtcpDrop.TRUNCATED;
        }
        int position = datagram.readerIndex();
        int packets = 0;
        while (position < datagram.writerIndex()) {
            int remaining = datagram.writerIndex() - position;
            if (remaining < HEADER_LENGTH_BYTES || wireLengthBytes(datagram, position) > remaining) {
                return RtcpDrop.TRUNCATED;
            }
            if (datagram.getUnsignedByte(position) >>> 6 != 2) {
                return RtcpDrop.BAD_VERSION;
            }
            int wireLength = wireLengthBytes(datagram, position);
            if (!isPaddingValid(datagram, position, wireLength)) {
                return RtcpDrop.BAD_PADDING;
            }
            if (++packets > PACKETS_MAX) {
                return RtcpDrop.TOO_MANY_PACKETS;
            }
            position += wireLength;
        }
        return null;
    }

    private static int wireLengthBytes(ByteBuf datagram, int position) {
        return (datagram.getUnsignedShort(position + 2) + 1) * 4;
    }

    private static boolean isPaddingValid(ByteBuf datagram, int position, int wireLength) {
        if ((datagram.getByte(position) & 0x20) == 0) {
            return true;
        }
        int padding = paddingBytes(datagram, position, wireLength);
        return padding > 0 && padding <= wireLength - HEADER_LENGTH_BYTES;
    }

    private static int paddingBytes(ByteBuf datagram, int position, int wireLength) {
        boolean padded = (datagram.getByte(position) & 0x20) != 0;
        return padded ? datagram.getUnsignedByte(position + wireLength - 1) : 0;
    }
}
