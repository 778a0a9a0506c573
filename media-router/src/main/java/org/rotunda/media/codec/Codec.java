package org.rotunda.media.codec;

/** The codecs that we forward. Everything else in an offer is left out of the answer. */
public enum Codec {
    VP8(true, 90_000, "VP8/90000", ""),
    /** H.264 in constrained baseline and packetization mode 1; every browser decodes it (RFC 7742 §6.2). */
    H264(true, 90_000, "H264/90000", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
    OPUS(false, OpusPayload.CLOCK_RATE_HZ, "opus/48000/2", "minptime=10;useinbandfec=1"),
    PCMU(false, 8_000, "PCMU/8000", "");

    /** The number of codecs: every {@link #index} is below it. */
    public static final int COUNT = values().length;

    private static final Codec[] VALUES = values(); // values() copies its array.

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

    /** Returns whether this is a codec of video; the others are of audio. */
    public boolean isVideo() {
        return video;
    }

    /** Returns the rate of the RTP clock. */
    public int clockRateHz() {
        return clockRateHz;
    }

    /** Returns the value of {@code a=rtpmap} behind the payload type (RFC 8866 §6.6). */
    public String rtpmap() {
        return rtpmap;
    }

    /**
     * Returns the value of {@code a=fmtp} behind the payload type, or an empty text if there is no such line. The value
     * has no blanks, because only then the SDK finds the opus line and can switch DTX on.
     */
    public String fmtp() {
        return fmtp;
    }

    /** Returns a small number for packed histories and tables within this process. */
    @SuppressWarnings("EnumOrdinal") // The ordinal is never stored or sent.
    public int index() {
        return ordinal();
    }

    /** Returns the codec with that {@link #index}. */
    public static Codec of(int index) {
        return VALUES[index];
    }
}
