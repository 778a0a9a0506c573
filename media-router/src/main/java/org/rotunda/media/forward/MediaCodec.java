package org.rotunda.media.forward;

import org.rotunda.media.codec.OpusPayload;

/** The codecs a track may be sent in, as far as forwarding has to tell them apart. */
public enum MediaCodec {
    VP8(90_000, true),
    H264(90_000, true),
    OPUS(OpusPayload.CLOCK_RATE_HZ, false),
    PCMU(8_000, false);

    private static final MediaCodec[] VALUES = values(); // values() copies its array.

    private final int clockRateHz;
    private final boolean video;

    MediaCodec(int clockRateHz, boolean video) {
        this.clockRateHz = clockRateHz;
        this.video = video;
    }

    public int clockRateHz() {
        return clockRateHz;
    }

    public boolean isVideo() {
        return video;
    }

    /** A small number for packed histories and tables within this process. */
    @SuppressWarnings("EnumOrdinal") // Never stored or sent.
    int index() {
        return ordinal();
    }

    static MediaCodec of(int index) {
        return VALUES[index];
    }
}
