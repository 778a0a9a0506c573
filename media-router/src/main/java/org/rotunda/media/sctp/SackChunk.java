package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * Reads the fields of a SACK chunk in place (RFC 9260 §3.3.4); {@code chunk} is the index of the chunk header.
 *
 * <pre>
 * |   Type = 3    |  Chunk Flags  |         Chunk Length          |
 * |                      Cumulative TSN Ack                       |
 * |          Advertised Receiver Window Credit (a_rwnd)           |
 * | Number of Gap Ack Blocks = N  |  Number of Duplicate TSNs = M |
 * |    Gap Ack Block #1 Start     |     Gap Ack Block #1 End      |
 * |                              ...                              |
 * |                        Duplicate TSN 1                        |
 * </pre>
 */
final class SackChunk {
    static final int HEADER_BYTES = 16;

    private static final int ENTRY_BYTES = 4; // An entry is a gap ack block or a duplicate TSN.

    private SackChunk() {}

    /**
     * Returns whether the chunk is long enough for the numbers of blocks and duplicates in its header. The other
     * methods require a valid chunk.
     */
    static boolean isValid(ByteBuf packet, int chunk) {
        int length = SctpPacket.chunkLength(packet, chunk);
        return length >= HEADER_BYTES
                && length >= HEADER_BYTES + ENTRY_BYTES * (gapBlocks(packet, chunk) + duplicates(packet, chunk));
    }

    static int cumulativeTsn(ByteBuf packet, int chunk) {
        return packet.getInt(chunk + 4);
    }

    static long windowBytes(ByteBuf packet, int chunk) {
        return packet.getUnsignedInt(chunk + 8);
    }

    static int gapBlocks(ByteBuf packet, int chunk) {
        return packet.getUnsignedShort(chunk + 12);
    }

    /** Returns the first TSN of a block, as its distance from the cumulative TSN. */
    static int gapStart(ByteBuf packet, int chunk, int block) {
        return packet.getUnsignedShort(chunk + HEADER_BYTES + ENTRY_BYTES * block);
    }

    /** Returns the last TSN of a block, as its distance from the cumulative TSN. */
    static int gapEnd(ByteBuf packet, int chunk, int block) {
        return packet.getUnsignedShort(chunk + HEADER_BYTES + ENTRY_BYTES * block + 2);
    }

    private static int duplicates(ByteBuf packet, int chunk) {
        return packet.getUnsignedShort(chunk + 14);
    }
}
