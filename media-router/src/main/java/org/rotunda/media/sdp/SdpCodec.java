package org.rotunda.media.sdp;

/** The codecs this server forwards. Everything else in an offer is left out of the answer. */
public enum SdpCodec {
    OPUS(MediaKind.AUDIO, "opus/48000/2", "minptime=10;useinbandfec=1"),
    PCMU(MediaKind.AUDIO, "PCMU/8000", ""),
    VP8(MediaKind.VIDEO, "VP8/90000", ""),
    /** Constrained baseline, packetization mode 1: what every browser decodes (RFC 7742 §6.2). */
    H264(MediaKind.VIDEO, "H264/90000", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f");

    private final MediaKind kind;
    private final String rtpmap;
    private final String fmtp;

    SdpCodec(MediaKind kind, String rtpmap, String fmtp) {
        this.kind = kind;
        this.rtpmap = rtpmap;
        this.fmtp = fmtp;
    }

    public MediaKind kind() {
        return kind;
    }

    String rtpmap() {
        return rtpmap;
    }

    /** Written without blanks: the SDK finds the opus line, to switch DTX on, only in this form. Empty: no line. */
    String fmtp() {
        return fmtp;
    }
}
