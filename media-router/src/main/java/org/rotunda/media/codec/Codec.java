package org.rotunda.media.codec;

/** The codecs that we forward. Other codecs in an offer are left out of the answer. */
public enum Codec {
    VP8(true, 90_000, "VP8/90000", ""),
    /** H.264 in constrained baseline and packetization mode 1; every browser decodes it (RFC 7742 §6.2). */
    H264(true, 90_000, "H264/90000", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
    OPUS(false, OpusPayload.CLOCK_RATE_HZ, "opus/48000/2", "minptime=10;useinbandfec=1"),
    PCMU(false, 8_000, "PCMU/8000", "");

    /** The number of codecs: every {@link #index} is below it. */
    public static final int COUNT = values().length;

    private static final Codec[] VALUES = values(); // Kept here, because each call of values() copies the array.

    private final boolean video;
    private final int clockRateHz;
    private final String rtpmap;
    private final String fmtp;

    Codec(boolean video, int clockRateHz, String rtpmap, String fmtp) {
        this.video = video;
        this.clockRateHz = clockRateHz;
        this.rtpmap = rtpmap;
        this.fmtp = fmtp;
    }

    /** Returns true for a video codec, and false for an audio codec. */
    public boolean isVideo() {
        return video;
    }

    /** Returns the rate of the RTP clock. */
    public int clockRateHz() {
        return clockRateHz;
    }

    /** Returns the text that follows the payload type in the {@code a=rtpmap} line (RFC 8866 §6.6). */
    public String rtpmap() {
        return rtpmap;
    }

    /**
     * Returns the text that follows the payload type in the {@code a=fmtp} line, or an empty text if the codec has no
     * such line. The value has no blanks. With blanks, the client's SDK would not find the line of Opus and could not
     * switch DTX on.
     */
    public String fmtp() {
        return fmtp;
    }

    /** Returns a number from 0 to {@link #COUNT} - 1, for arrays and packed values within this process. */
    @SuppressWarnings("EnumOrdinal") // The ordinal is never stored or sent.
    public int index() {
        return ordinal();
    }

    /** Returns the codec with that {@link #index}. */
    public static Codec of(int index) {
        return VALUES[index];
    }
}
