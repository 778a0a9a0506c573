package org.rotunda.media.codec;

import io.netty.buffer.ByteBuf;

/**
 * Reads an Opus packet's table-of-contents byte in place (RFC 6716 §3.1). The RTP clock of Opus is always 48 kHz (RFC
 * 7587 §4.1), whatever the sampling rate of the sound.
 */
public final class OpusPayload {
    public static final int CLOCK_RATE_HZ = 48_000;

    /** The result of {@link #durationSamples} for a malformed packet. */
    public static final int INVALID = -1;

    // The maximum duration of a packet in samples: 120 ms at 48 kHz (RFC 6716 §3.2.5 [R5]).
    private static final int DURATION_SAMPLES_MAX = 5_760;
    // The maximum length in bytes of a packet without sound: a TOC and at most one more byte (RFC 6716 §2.1.9).
    private static final int DTX_LENGTH_MAX = 2;

    private OpusPayload() {}

    /** Returns the duration of the payload in samples at 48 kHz, or {@link #INVALID} if the payload is malformed. */
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

    /**
     * Returns whether the packet contains no sound and only keeps the stream alive (DTX). The SDK sends such packets
     * even if SDP does not announce DTX.
     */
    public static boolean isDtx(int payloadLengthBytes) {
        return payloadLengthBytes <= DTX_LENGTH_MAX;
    }

    /** Returns the samples per frame of a configuration (RFC 6716 table 2). */
    private static int frameSamples(int configuration) {
        if (configuration < 12) { // SILK frames have 10, 20, 40 or 60 ms.
            int step = configuration & 0x03;
            return step == 0 ? 480 : step == 3 ? 2_880 : 960 * step;
        }
        if (configuration < 16) { // Hybrid frames have 10 or 20 ms.
            return 480 << (configuration & 0x01);
        }
        return 120 << (configuration & 0x03); // CELT frames have 2.5, 5, 10 or 20 ms.
    }
}
