package org.rotunda.media.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads the frame size from an H.264 sequence parameter set (ITU-T H.264 §7.3.2.1.1). Supports what the profiles of
 * WebRTC need, and refuses parameter sets with scaling matrices.
 */
final class H264Sps {
    private static final int LENGTH_MAX = 128; // The maximum number of bytes read. A real parameter set has 10 to 40.
    private static final int EXP_GOLOMB_ZEROS_MAX = 24;
    // The maximum of num_ref_frames_in_pic_order_cnt_cycle (§7.4.2.1.1).
    private static final int REF_FRAMES_IN_CYCLE_MAX = 255;
    private static final int DIMENSION_MAX = 16_384;

    private final byte[] rbsp = new byte[LENGTH_MAX];
    private int bitCount;
    private int bit;
    private boolean overrun;
    private int width;
    private int height;

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /**
     * Parses the bytes after the NAL header. Returns false, and leaves the frame size undefined, if it cannot read the
     * size.
     */
    boolean parse(ByteBuf packet, int offset, int lengthBytes) {
        unescape(packet, offset, Math.min(lengthBytes, LENGTH_MAX));
        int profile = bits(8);
        bits(16); // The constraint flags and the level.
        ue(); // seq_parameter_set_id
        int chromaFormat = 1;
        if (isHigh(profile)) {
            chromaFormat = ue();
            if (chromaFormat == 3) {
                bits(1); // separate_colour_plane_flag
            }
            ue(); // bit_depth_luma_minus8
            ue(); // bit_depth_chroma_minus8
            bits(1); // qpprime_y_zero_transform_bypass_flag
            if (bits(1) != 0) {
                return false; // The parameter set has scaling matrices.
            }
        }
        ue(); // log2_max_frame_num_minus4
        if (!skipPictureOrderCount()) {
            return false;
        }
        ue(); // max_num_ref_frames
        bits(1); // gaps_in_frame_num_value_allowed_flag
        int widthInMbs = ue() + 1;
        int heightInMapUnits = ue() + 1;
        int frameMbsOnly = bits(1);
        if (frameMbsOnly == 0) {
            bits(1); // mb_adaptive_frame_field_flag
        }
        bits(1); // direct_8x8_inference_flag
        if (overrun || widthInMbs > DIMENSION_MAX / 16 || heightInMapUnits > DIMENSION_MAX / 16) {
            return false;
        }
        width = 16 * widthInMbs;
        height = 16 * heightInMapUnits * (2 - frameMbsOnly);
        if (bits(1) != 0) {
            crop(chromaFormat, frameMbsOnly);
        }
        return !overrun && width > 0 && height > 0;
    }

    private boolean skipPictureOrderCount() {
        int type = ue();
        if (type == 0) {
            ue(); // log2_max_pic_order_cnt_lsb_minus4
        } else if (type == 1) {
            bits(1);
            ue();
            ue();
            int count = ue();
            if (count > REF_FRAMES_IN_CYCLE_MAX) {
                return false;
            }
            for (int i = 0; i < count && !overrun; i++) {
                ue();
            }
        }
        return !overrun;
    }

    /** Subtracts the cropping from the frame size. The crop units are those of §7.4.2.1.1, equations 7-19 to 7-22. */
    private void crop(int chromaFormat, int frameMbsOnly) {
        int unitX = chromaFormat == 1 || chromaFormat == 2 ? 2 : 1;
        int unitY = (chromaFormat == 1 ? 2 : 1) * (2 - frameMbsOnly);
        int left = ue();
        int right = ue();
        int top = ue();
        int bottom = ue();
        width -= unitX * (left + right);
        height -= unitY * (top + bottom);
    }

    private static boolean isHigh(int profile) {
        return profile == 100
                || profile == 110
                || profile == 122
                || profile == 244
                || profile == 44
                || profile == 83
                || profile == 86
                || profile == 118
                || profile == 128;
    }

    /** Removes emulation prevention bytes: 00 00 03 becomes 00 00 (§7.4.1.1). */
    private void unescape(ByteBuf packet, int offset, int lengthBytes) {
        int zeros = 0;
        int count = 0;
        for (int i = 0; i < lengthBytes; i++) {
            byte value = packet.getByte(offset + i);
            if (zeros >= 2 && value == 3) {
                zeros = 0;
                continue;
            }
            zeros = value == 0 ? zeros + 1 : 0;
            rbsp[count++] = value;
        }
        bitCount = 8 * count;
        bit = 0;
        overrun = false;
    }

    private int bits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 1 | nextBit();
        }
        return value;
    }

    private int nextBit() {
        if (bit >= bitCount) {
            overrun = true;
            return 0;
        }
        int value = (rbsp[bit >>> 3] >>> (7 - (bit & 7))) & 1;
        bit++;
        return value;
    }

    /** Reads an unsigned Exp-Golomb number (§9.1). */
    private int ue() {
        int zeros = 0;
        while (!overrun && nextBit() == 0) {
            if (++zeros > EXP_GOLOMB_ZEROS_MAX) {
                overrun = true;
            }
        }
        return overrun ? 0 : (1 << zeros) - 1 + bits(zeros);
    }
}
