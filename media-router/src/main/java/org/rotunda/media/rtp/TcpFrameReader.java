package org.rotunda.media.rtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the byte stream of a TCP connection into packets (RFC 4571, used by ICE as RFC 6544 §3 says). Each packet follows
 * its length in two bytes. STUN, DTLS, RTP and RTCP packets share the stream.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |            LENGTH             |  packet of LENGTH bytes ...   |
 * </pre>
 *
 * <p>The bytes may come in pieces of any size. A packet that comes in one piece is not copied. Of a packet that comes in
 * several pieces, the reader keeps the bytes so far in a buffer of the packet's length, so one reader never holds more
 * than {@link #PACKET_BYTES_MAX} bytes. Sans-IO; owned by one event loop.
 */
public final class TcpFrameReader {
    /** The length of the field before each packet. */
    public static final int HEADER_BYTES = 2;

    /**
     * The longest packet read, as for datagrams: no packet of ours or of a browser is longer than an Ethernet MTU. A
     * longer length shows that the peer speaks another protocol. For example, the first two bytes of an HTTP or a TLS
     * request are a length above 5,000.
     */
    public static final int PACKET_BYTES_MAX = 2048;

    private static final int NONE = -1;

    /** Receives the packets of the stream. */
    @FunctionalInterface
    public interface Sink {
        /** Takes one packet, which has at least one byte. The packet is borrowed for the call. */
        void onPacket(ByteBuf packet);
    }

    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf begun; // The packet whose bytes have not all come yet, with the bytes that have come.
    private int lengthHighByte = NONE; // The first byte of a length whose second byte has not come yet.
    private boolean ended;

    public TcpFrameReader(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * Reads all bytes of the piece, and passes each packet to the sink as soon as it is whole. An empty packet, which
     * RFC 4571 §2 allows, is skipped. The piece is borrowed for the call.
     *
     * @return false if the peer has announced a packet longer than {@link #PACKET_BYTES_MAX}, or if the reader is
     *     closed; the rest of the stream then has no meaning
     */
    public boolean read(ByteBuf piece, Sink sink) {
        while (!ended && piece.isReadable()) {
            if (begun != null) {
                continuePacket(begun, piece, sink);
                continue;
            }
            int length = readLength(piece);
            if (length > PACKET_BYTES_MAX) {
                ended = true;
            } else if (length > 0) {
                beginPacket(length, piece, sink);
            }
        }
        return !ended;
    }

    /** Returns the next length, or a negative number if only its first byte has come. */
    private int readLength(ByteBuf piece) {
        if (lengthHighByte != NONE) {
            int length = lengthHighByte << 8 | piece.readUnsignedByte();
            lengthHighByte = NONE;
            return length;
        }
        if (piece.readableBytes() >= HEADER_BYTES) {
            return piece.readUnsignedShort();
        }
        lengthHighByte = piece.readUnsignedByte();
        return NONE;
    }

    private void beginPacket(int length, ByteBuf piece, Sink sink) {
        if (piece.readableBytes() >= length) {
            sink.onPacket(piece.readSlice(length));
        } else {
            begun = allocator.buffer(length, length).writeBytes(piece);
        }
    }

    private void continuePacket(ByteBuf packet, ByteBuf piece, Sink sink) {
        packet.writeBytes(piece, Math.min(packet.writableBytes(), piece.readableBytes()));
        if (packet.isWritable()) {
            return;
        }
        begun = null;
        try {
            sink.onPacket(packet);
        } finally {
            packet.release();
        }
    }

    /** Releases the bytes that are held. The sink may call this method too. */
    public void close() {
        ended = true;
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }

    /** Writes a packet with its length before it. Both buffers are borrowed for the call. */
    public static void write(ByteBuf packet, ByteBuf stream) {
        stream.writeShort(packet.readableBytes());
        stream.writeBytes(packet, packet.readerIndex(), packet.readableBytes());
    }
}
