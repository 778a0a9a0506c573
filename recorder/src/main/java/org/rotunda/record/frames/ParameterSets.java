package org.rotunda.record.frames;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.TreeMap;
import org.rotunda.media.codec.H264Payload;

/** The parameter sets of H.264 that a stream has sent last, by their ids (ITU-T H.264 §7.4.1.2.1). */
final class ParameterSets {
    /** The maximum number of sets of a kind. A standard's stream may have more; browsers send one. */
    static final int SETS_MAX = 16;

    /** The maximum length of a set. A real one has 10 to 40 bytes. */
    static final int SET_BYTES_MAX = 1_024;

    private static final int SPS = 7;
    private static final int PPS = 8;
    private static final int SPS_BYTES_MIN = 5; // Header, profile, constraints, level and the first bits behind them.
    private static final int SPS_ID_OFFSET = 4;

    private final Map<Integer, byte[]> sequenceSets = new TreeMap<>();
    private final Map<Integer, byte[]> pictureSets = new TreeMap<>();
    private final H264Payload size = new H264Payload();
    private int width;
    private int height;

    /** Keeps a set if the NAL unit is one. Returns false if it is one and damaged, or one too many. */
    boolean onNal(int type, ByteBuf nal) {
        int at = nal.readerIndex();
        int length = nal.readableBytes();
        if (type == SPS) {
            if (length < SPS_BYTES_MIN || length > SET_BYTES_MAX || !size.parse(nal, at, length) || size.width() == 0) {
                return false;
            }
            width = size.width();
            height = size.height();
            return put(sequenceSets, firstNumber(nal, at + SPS_ID_OFFSET), nal);
        }
        if (type == PPS) {
            return length >= 2 && length <= SET_BYTES_MAX && put(pictureSets, firstNumber(nal, at + 1), nal);
        }
        return true;
    }

    private static boolean put(Map<Integer, byte[]> sets, int id, ByteBuf nal) {
        if (id < 0 || (sets.size() >= SETS_MAX && !sets.containsKey(id))) {
            return false;
        }
        sets.put(id, ByteBufUtil.getBytes(nal));
        return true;
    }

    /** Reads the unsigned Exp-Golomb number (§9.1) of at most 17 bits at the start of a byte; -1 if it is longer. */
    private static int firstNumber(ByteBuf nal, int at) {
        int bits = 0;
        for (int i = 0; i < 3; i++) {
            bits = bits << 8 | (at + i < nal.writerIndex() ? nal.getUnsignedByte(at + i) : 0);
        }
        int zeros = Integer.numberOfLeadingZeros(bits) - 8;
        return zeros > 8 ? -1 : (bits >>> (23 - 2 * zeros)) - 1;
    }

    boolean isComplete() {
        return !sequenceSets.isEmpty() && !pictureSets.isEmpty();
    }

    /** Returns the width of the last sequence parameter set, in pixels. */
    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Returns all sets, each with its length before it in four bytes. */
    ByteBuf inBand() {
        ByteBuf out = Unpooled.buffer();
        sequenceSets.values().forEach(set -> out.writeInt(set.length).writeBytes(set));
        pictureSets.values().forEach(set -> out.writeInt(set.length).writeBytes(set));
        return out;
    }

    /**
     * Returns the AVCDecoderConfigurationRecord of all sets (ISO/IEC 14496-15 §5.3.3.1). Requires {@link #isComplete}.
     */
    byte[] configuration() {
        byte[] first = sequenceSets.values().iterator().next();
        ByteBuf out = Unpooled.buffer();
        out.writeByte(1); // The version.
        out.writeBytes(first, 1, 3); // Profile, compatibility and level.
        out.writeByte(0xFC | 3); // Lengths have four bytes.
        out.writeByte(0xE0 | sequenceSets.size());
        sequenceSets.values().forEach(set -> out.writeShort(set.length).writeBytes(set));
        out.writeByte(pictureSets.size());
        pictureSets.values().forEach(set -> out.writeShort(set.length).writeBytes(set));
        return ByteBufUtil.getBytes(out);
    }

    void clear() {
        sequenceSets.clear();
        pictureSets.clear();
    }
}
