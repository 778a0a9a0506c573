package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * Reads the fields of a DATA chunk in place (RFC 9260 §3.3.1); {@code chunk} is the index of the chunk header.
 *
 * <pre>
 * |   Type = 0    |  Res  |I|U|B|E|            Length             |
 * |                              TSN                              |
 * |      Stream Identifier S      |   Stream Sequence Number n    |
 * |                  Payload Protocol Identifier                  |
 * </pre>
 */
final class DataChunk {
    static final int HEADER_BYTES = 16;

    private DataChunk() {}

    static boolean isValid(ByteBuf packet, int chunk) {
        return SctpPacket.chunkLength(packet, chunk) >= HEADER_BYTES;
    }

    static int tsn(ByteBuf packet, int chunk) {
        return packet.getInt(chunk + 4);
    }

    static int streamId(ByteBuf packet, int chunk) {
        return packet.getUnsignedShort(chunk + 8);
    }

    static int ssn(ByteBuf packet, int chunk) {
        return packet.getUnsignedShort(chunk + 10);
    }

    static int protocol(ByteBuf packet, int chunk) {
        return packet.getInt(chunk + 12);
    }

    static int payload(int chunk) {
        return chunk + HEADER_BYTES;
    }

    static int payloadLength(ByteBuf packet, int chunk) {
        return SctpPacket.chunkLength(packet, chunk) - HEADER_BYTES;
    }
}
