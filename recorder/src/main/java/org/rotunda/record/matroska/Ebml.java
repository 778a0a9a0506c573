package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Writes EBML elements (RFC 8794), and names the elements of Matroska that we use (RFC 9559 §5). */
final class Ebml {
    static final int EBML = 0x1A45DFA3;
    static final int EBML_VERSION = 0x4286;
    static final int EBML_READ_VERSION = 0x42F7;
    static final int EBML_MAX_ID_LENGTH = 0x42F2;
    static final int EBML_MAX_SIZE_LENGTH = 0x42F3;
    static final int DOC_TYPE = 0x4282;
    static final int DOC_TYPE_VERSION = 0x4287;
    static final int DOC_TYPE_READ_VERSION = 0x4285;
    static final int VOID = 0xEC;

    static final int SEGMENT = 0x18538067;
    static final int SEEK_HEAD = 0x114D9B74;
    static final int SEEK = 0x4DBB;
    static final int SEEK_ID = 0x53AB;
    static final int SEEK_POSITION = 0x53AC;
    static final int INFO = 0x1549A966;
    static final int TIMESTAMP_SCALE = 0x2AD7B1;
    static final int DURATION = 0x4489;
    static final int DATE_UTC = 0x4461;
    static final int SEGMENT_UUID = 0x73A4;
    static final int MUXING_APP = 0x4D80;
    static final int WRITING_APP = 0x5741;
    static final int TRACKS = 0x1654AE6B;
    static final int TRACK_ENTRY = 0xAE;
    static final int TRACK_NUMBER = 0xD7;
    static final int TRACK_UID = 0x73C5;
    static final int TRACK_TYPE = 0x83;
    static final int FLAG_LACING = 0x9C;
    static final int NAME = 0x536E;
    static final int LANGUAGE = 0x22B59C;
    static final int CODEC_ID = 0x86;
    static final int CODEC_PRIVATE = 0x63A2;
    static final int CODEC_DELAY = 0x56AA;
    static final int SEEK_PRE_ROLL = 0x56BB;
    static final int VIDEO = 0xE0;
    static final int PIXEL_WIDTH = 0xB0;
    static final int PIXEL_HEIGHT = 0xBA;
    static final int AUDIO = 0xE1;
    static final int SAMPLING_FREQUENCY = 0xB5;
    static final int CHANNELS = 0x9F;
    static final int BIT_DEPTH = 0x6264;
    static final int TAGS = 0x1254C367;
    static final int TAG = 0x7373;
    static final int TARGETS = 0x63C0;
    static final int SIMPLE_TAG = 0x67C8;
    static final int TAG_NAME = 0x45A3;
    static final int TAG_STRING = 0x4487;
    static final int CLUSTER = 0x1F43B675;
    static final int TIMESTAMP = 0xE7;
    static final int SIMPLE_BLOCK = 0xA3;
    static final int CUES = 0x1C53BB6B;
    static final int CUE_POINT = 0xBB;
    static final int CUE_TIME = 0xB3;
    static final int CUE_TRACK_POSITIONS = 0xB7;
    static final int CUE_TRACK = 0xF7;
    static final int CUE_CLUSTER_POSITION = 0xF1;

    /** The eight bytes of an unknown size (RFC 8794 §6.2). */
    static final long UNKNOWN_SIZE = 0x01FF_FFFF_FFFF_FFFFL;

    private static final long SIZE_8_MARKER = 0x0100_0000_0000_0000L;

    private Ebml() {}

    /** Writes the bytes of an id; their number is that of the bytes that the constant has. */
    static void writeId(ByteBuf out, int id) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            if (id >>> shift != 0) {
                out.writeByte(id >>> shift);
            }
        }
    }

    /** Writes a size in as few bytes as possible. The value with all bits set is reserved for an unknown size. */
    static void writeSize(ByteBuf out, long size) {
        int length = 1;
        while (size >= (1L << (7 * length)) - 1) {
            length++;
        }
        long coded = size | (1L << (7 * length));
        for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
            out.writeByte((int) (coded >>> shift));
        }
    }

    /** Returns a size as eight bytes, which is the form that can stand where an unknown size stood. */
    static long size8(long size) {
        return SIZE_8_MARKER | size;
    }

    static void writeUnsigned(ByteBuf out, int id, long value) {
        int length = Math.max(1, (64 - Long.numberOfLeadingZeros(value) + 7) / 8);
        writeId(out, id);
        writeSize(out, length);
        for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
            out.writeByte((int) (value >>> shift));
        }
    }

    /**
     * Writes an element with a value of eight bytes: a date, a number that is patched later, or the bits of a double.
     */
    static void writeLong(ByteBuf out, int id, long value) {
        writeId(out, id);
        writeSize(out, Long.BYTES);
        out.writeLong(value);
    }

    static void writeText(ByteBuf out, int id, String value) {
        writeBytes(out, id, value.getBytes(StandardCharsets.UTF_8));
    }

    static void writeBytes(ByteBuf out, int id, byte[] value) {
        writeId(out, id);
        writeSize(out, value.length);
        out.writeBytes(value);
    }

    /** Writes an element around its children, which it empties. */
    static void writeMaster(ByteBuf out, int id, ByteBuf children) {
        writeId(out, id);
        writeSize(out, children.readableBytes());
        out.writeBytes(children);
    }

    /** Writes a Void element of 2 to 128 + 2 bytes in all, or more with a size of two bytes. */
    static void writeVoid(ByteBuf out, int lengthBytes) {
        writeId(out, VOID);
        int sizeLength = lengthBytes < 129 ? 1 : 2;
        int content = lengthBytes - 1 - sizeLength;
        if (sizeLength == 1) {
            out.writeByte(0x80 | content);
        } else {
            out.writeShort(0x4000 | content);
        }
        out.writeZero(content);
    }

    /** Returns a fresh buffer in the heap for the children of an element, or for a patch. */
    static ByteBuf buffer() {
        return Unpooled.buffer();
    }

    static byte[] bytesOf(String hex) {
        return ByteBufUtil.decodeHexDump(hex);
    }
}
