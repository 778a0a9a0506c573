package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;

/**
 * The bytes of a cluster and of its blocks, in the one form that we write.
 *
 * <pre>
 * Cluster      1F 43 B6 75, size (8), Timestamp: E7 88, milliseconds (8)
 * SimpleBlock  A3, size (4), track 81, time relative to the cluster (2), flags, frame
 * </pre>
 */
final class Cluster {
    static final int HEADER_BYTES = 22;
    static final int SIZE_OFFSET = 4;
    /** The offset of what the cluster's size counts. */
    static final int CONTENT_OFFSET = 12;

    static final int BLOCK_HEADER_BYTES = 9;
    /** The bytes that the size of a block counts beside the frame: track, time and flags. */
    static final int BLOCK_FIELDS_BYTES = 4;

    static final int KEY_FRAME_FLAG = 0x80;
    static final int TRACK = 0x80 | HeadWriter.TRACK_NUMBER;
    /** The largest time of a block relative to its cluster. */
    static final int RELATIVE_MS_MAX = Short.MAX_VALUE;

    private static final int TIMESTAMP_HEADER = Ebml.TIMESTAMP << 8 | 0x80 | Long.BYTES;
    private static final int SIZE_4_MARKER = 0x1000_0000;

    private Cluster() {}

    static void writeHeader(ByteBuf out, long timestampMs) {
        out.writeInt(Ebml.CLUSTER)
                .writeLong(Ebml.UNKNOWN_SIZE)
                .writeShort(TIMESTAMP_HEADER)
                .writeLong(timestampMs);
    }

    static void writeBlockHeader(ByteBuf out, int relativeMs, boolean keyFrame, int frameBytes) {
        out.writeByte(Ebml.SIMPLE_BLOCK).writeInt(SIZE_4_MARKER | (frameBytes + BLOCK_FIELDS_BYTES));
        out.writeByte(TRACK).writeShort(relativeMs).writeByte(keyFrame ? KEY_FRAME_FLAG : 0);
    }

    /** Returns whether a cluster header of our form begins at the index. The bytes of the header must be there. */
    static boolean isHeader(ByteBuf bytes, int at) {
        return bytes.getInt(at) == Ebml.CLUSTER
                && bytes.getByte(at + SIZE_OFFSET) == 1
                && bytes.getUnsignedShort(at + CONTENT_OFFSET) == TIMESTAMP_HEADER
                && bytes.getLong(at + CONTENT_OFFSET + 2) >= 0;
    }

    static long timestampMs(ByteBuf bytes, int at) {
        return bytes.getLong(at + CONTENT_OFFSET + 2);
    }

    /** Returns whether a block header of our form begins at the index. The bytes of the header must be there. */
    static boolean isBlockHeader(ByteBuf bytes, int at) {
        return bytes.getUnsignedByte(at) == Ebml.SIMPLE_BLOCK
                && bytes.getInt(at + 1) >>> 28 == 1
                && frameBytes(bytes, at) >= 0
                && bytes.getUnsignedByte(at + 5) == TRACK
                && relativeMs(bytes, at) >= 0
                && (bytes.getUnsignedByte(at + 8) & ~KEY_FRAME_FLAG) == 0;
    }

    static int frameBytes(ByteBuf bytes, int at) {
        return (bytes.getInt(at + 1) & ~SIZE_4_MARKER) - BLOCK_FIELDS_BYTES;
    }

    static int relativeMs(ByteBuf bytes, int at) {
        return bytes.getShort(at + 6);
    }

    static boolean isKeyFrame(ByteBuf bytes, int at) {
        return (bytes.getByte(at + 8) & KEY_FRAME_FLAG) != 0;
    }
}
