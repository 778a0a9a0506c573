package org.rotunda.load.bot.source;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Video frames with valid headers and random content. Only a decoder can distinguish them from the frames of an
 * encoder. The size of a frame depends on the bit rate and the temporal layer, and key frames are larger. Key frames
 * come only on request, as from a live encoder.
 */
public final class SyntheticVideo implements VideoSource {
    /** The bit rates of the layers, the lowest layer first; libwebrtc uses the same rates for 1280 × 720. */
    private static final int[] BITRATES_BPS = {150_000, 500_000, 2_500_000};

    private static final int[] WIDTHS = {320, 640, 1280};
    private static final int[] HEIGHTS = {180, 360, 720};

    /**
     * The sizes of frames in percent of the mean size, by temporal layer. The base layer has 40 % of the bit rate in a
     * quarter of the frames.
     */
    private static final int[] PERCENT_BY_TEMPORAL_ID = {160, 80, 80};

    /** The size of a key frame in percent of the mean size. */
    private static final int KEY_PERCENT = 600;

    private static final int SPREAD_PERCENT = 20;
    private static final int SIZES = 256; // The number of frames after which the sizes repeat; a power of two.
    private static final int LENGTH_BYTES_MIN = 16;
    private static final int KEY_HEADER_BYTES = 10;
    private static final byte[] NOISE = new byte[1 << 16];
    private static final int[] VARIATION = new int[SIZES];

    static {
        RandomGenerator random =
                // The fixed seed gives the same bytes in every run.
                RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        random.nextBytes(NOISE);
        for (int i = 0; i < SIZES; i++) {
            VARIATION[i] = 100 - SPREAD_PERCENT + random.nextInt(2 * SPREAD_PERCENT + 1);
        }
    }

    private final int lowest;
    private final int layers;

    private SyntheticVideo(int lowest, int layers) {
        this.lowest = lowest;
        this.layers = layers;
    }

    /** Returns video with three layers of up to 2.5 Mbit/s. */
    public static SyntheticVideo simulcast() {
        return new SyntheticVideo(0, BITRATES_BPS.length);
    }

    /** Returns video with one layer of 2.5 Mbit/s. */
    public static SyntheticVideo single() {
        return new SyntheticVideo(BITRATES_BPS.length - 1, 1);
    }

    @Override
    public int layers() {
        return layers;
    }

    @Override
    public int frames() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int lengthBytes(int layer, int frame) {
        int mean = BITRATES_BPS[lowest + layer] / 8 / FRAMES_PER_SECOND;
        int percent = frame == 0 ? KEY_PERCENT : PERCENT_BY_TEMPORAL_ID[temporalId(frame)];
        return Math.max(LENGTH_BYTES_MIN, (int) ((long) mean * percent * VARIATION[frame & (SIZES - 1)] / 10_000));
    }

    /** Appends a part of a frame. A frame consists of a frame header (RFC 6386 §9.1) and noise. */
    @Override
    public void writeTo(ByteBuf out, int layer, int frame, int offset, int lengthBytes) {
        int start = out.writerIndex();
        int from = (frame * 4099 + layer * 257) & (NOISE.length - 1);
        int left = lengthBytes;
        while (left > 0) {
            int part = Math.min(left, NOISE.length - from);
            out.writeBytes(NOISE, from, part);
            left -= part;
            from = 0;
        }
        if (offset != 0) {
            return;
        }
        out.setByte(start, frame == 0 ? 0x10 : 0x11);
        if (frame == 0 && lengthBytes >= KEY_HEADER_BYTES) {
            out.setMedium(start + 3, 0x9D012A);
            out.setShortLE(start + 6, WIDTHS[lowest + layer]);
            out.setShortLE(start + 8, HEIGHTS[lowest + layer]);
        }
    }
}
