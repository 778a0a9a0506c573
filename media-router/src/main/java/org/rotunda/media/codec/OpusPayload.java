package org.rotunda.media.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads an Opus packet's table-of-contents byte in place (RFC 6716 §3.1). The RTP clock of Opus is 48 kHz always
 * (RFC 7587 §4.1), whatever it codes.
 */
public final class OpusPayload {
    public static final int CLOCK_RATE_HZ = 48_000;

    /** What {@link #durationSamples} answers for a packet that breaks the format. */
    public static final int INVALID = -1;

    private static final int DURATION_SAMPLES_MAX = 5_760; // 120 ms, RFC 6716 §3.2.5 [R5].
    private static final int DTX_LENGTH_MAX = 2; // A TOC and at most one byte: nothing was coded (RFC 6716 §2.1.9).

    private OpusPayload() {}

    /** How much sound the payload stands for, in samples of 48 kHz; {@link #INVALID} if it is malformed. */
    public static int durationSamples(ByteBuf packet, int offset, int payloadLengthBytes) {
        if (payloadLengthBytes < 1) {
            return INVALID;
        }
        int toc = packet.getUnsignedByte(offset);
        int frames;
        switch (toc & 0x03) {
            case 0 -> frames = 1;
            case 1, 2 -> frames = 2;
            default -> {
                if (payloadLengthBytes < 2) {
                    return INVALID;
                }
                frames = packet.getByte(offset + 1) & 0x3F;
            }
        }
        int samples = frames * frameSamples(toc >>> 3);
        return samples == 0 || samples > DURATION_SAMPLES_MAX ? INVALID : samples;
    }

    /** Whether the packet only keeps a silent stream alive. The SDK's publishers use DTX without saying so in SDP. */
    public static boolean isDtx(int payloadLengthBytes) {
        return payloadLengthBytes <= DTX_LENGTH_MAX;
    }

    /** Samples per frame of a configuration (RFC 6716 table 2). */
    private static int frameSamples(int configuration) {
        if (configuration < 12) { // SILK: 10, 20, 40, 60 ms.
            int step = configuration & 0x03;
            return step == 0 ? 480 : step == 3 ? 2_880 : 960 * step;
        }
        if (configuration < 16) { // Hybrid: 10, 20 ms.
            return 480 << (configuration & 0x01);
        }
        return 120 << (configuration & 0x03); // CELT: 2.5, 5, 10, 20 ms.
    }
}
