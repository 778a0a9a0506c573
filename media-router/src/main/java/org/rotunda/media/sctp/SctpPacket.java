package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads the common header and walks the chunks of an SCTP packet in place (RFC 9260 §3).
 *
 * <pre>
 * |      Source Port Number       |    Destination Port Number    |
 * |                       Verification Tag                        |
 * |                           Checksum                            |
 * |  Chunk Type   |  Chunk Flags  |         Chunk Length          |
 * </pre>
 *
 * <p>Chunks and parameters are addressed by their absolute index in the buffer. The other methods rely on the lengths
 * that {@link #check} and {@link #hasParameter} have checked.
 */
final class SctpPacket {
    static final int HEADER_BYTES = 12;
    static final int CHECKSUM_OFFSET = 8;
    static final int CHUNK_HEADER_BYTES = 4;

    /**
     * The longest packet that we accept, in bytes. A peer's path MTU is far below this limit, and a DTLS record cannot
     * be longer than 2^14 bytes.
     */
    static final int PACKET_BYTES_MAX = 16_384;

    private SctpPacket() {}

    /** Returns the reason to drop the packet, or null if its ports, checksum and chunk lengths are valid. */
    static @Nullable SctpDrop check(ByteBuf packet, int port, Crc32cChecksum checksum) {
        int length = packet.readableBytes();
        if (length < HEADER_BYTES + CHUNK_HEADER_BYTES) {
            return SctpDrop.PACKET_MALFORMED;
        }
        if (length > PACKET_BYTES_MAX) {
            return SctpDrop.PACKET_TOO_LONG;
        }
        int start = packet.readerIndex();
        if (packet.getUnsignedShort(start) != port || packet.getUnsignedShort(start + 2) != port) {
            return SctpDrop.BAD_PORT;
        }
        if (!checksum.matches(packet)) {
            return SctpDrop.BAD_CHECKSUM;
        }
        int end = packet.writerIndex();
        for (int chunk = firstChunk(packet); chunk < end; chunk = nextChunk(packet, chunk)) {
            if (chunk + CHUNK_HEADER_BYTES > end) {
                return SctpDrop.PACKET_MALFORMED;
            }
            int chunkLength = chunkLength(packet, chunk);
            if (chunkLength < CHUNK_HEADER_BYTES || chunk + chunkLength > end) {
                return SctpDrop.PACKET_MALFORMED;
            }
        }
        return null;
    }

    static int verificationTag(ByteBuf packet) {
        return packet.getInt(packet.readerIndex() + 4);
    }

    static int firstChunk(ByteBuf packet) {
        return packet.readerIndex() + HEADER_BYTES;
    }

    /**
     * Returns the index after a chunk and its padding. After the last chunk, the index is at or past the end of the
     * packet.
     */
    static int nextChunk(ByteBuf packet, int chunk) {
        return chunk + padded(chunkLength(packet, chunk));
    }

    static int chunkType(ByteBuf packet, int chunk) {
        return packet.getUnsignedByte(chunk);
    }

    static int chunkFlags(ByteBuf packet, int chunk) {
        return packet.getUnsignedByte(chunk + 1);
    }

    /** Returns the chunk's length, including its header of four bytes and excluding padding. */
    static int chunkLength(ByteBuf packet, int chunk) {
        return packet.getUnsignedShort(chunk + 2);
    }

    static int chunkEnd(ByteBuf packet, int chunk) {
        return chunk + chunkLength(packet, chunk);
    }

    /** Returns whether there is a whole parameter (RFC 9260 §3.2.1) at this index, before {@code end}. */
    static boolean hasParameter(ByteBuf packet, int parameter, int end) {
        return parameter + CHUNK_HEADER_BYTES <= end
                && parameterLength(packet, parameter) >= CHUNK_HEADER_BYTES
                && parameter + parameterLength(packet, parameter) <= end;
    }

    static int parameterType(ByteBuf packet, int parameter) {
        return packet.getUnsignedShort(parameter);
    }

    static int parameterLength(ByteBuf packet, int parameter) {
        return packet.getUnsignedShort(parameter + 2);
    }

    static int nextParameter(ByteBuf packet, int parameter) {
        return parameter + padded(parameterLength(packet, parameter));
    }

    static int padded(int length) {
        return (length + 3) & ~3;
    }
}
