package org.rotunda.media.sdp;

import org.jspecify.annotations.Nullable;

/**
 * The RTP header extensions that we negotiate (RFC 8285). Video orientation is left out on purpose: without it, the
 * sending browser rotates the pictures itself.
 */
public enum HeaderExtension {
    MID("urn:ietf:params:rtp-hdrext:sdes:mid", true, true),
    /** The RID of an encoding. Negotiated only on lines whose encodings have RIDs, as is the repaired RID. */
    RID("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", true, true),
    REPAIRED_RID("urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", false, true),
    AUDIO_LEVEL("urn:ietf:params:rtp-hdrext:ssrc-audio-level", true, false),
    TRANSPORT_CC("http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", true, true),
    VIDEO_CONTENT_TYPE("http://www.webrtc.org/experiments/rtp-hdrext/video-content-type", false, true);

    /** The largest id that a one-byte header can hold; we do not negotiate two-byte headers. */
    static final int ID_MAX = 14;

    private final String uri;
    private final boolean inAudio;
    private final boolean inVideo;

    HeaderExtension(String uri, boolean inAudio, boolean inVideo) {
        this.uri = uri;
        this.inAudio = inAudio;
        this.inVideo = inVideo;
    }

    public String uri() {
        return uri;
    }

    boolean isOfRid() {
        return this == RID || this == REPAIRED_RID;
    }

    boolean isFor(MediaKind kind) {
        return kind == MediaKind.AUDIO ? inAudio : kind == MediaKind.VIDEO && inVideo;
    }

    /**
     * Returns the extension whose constant has this name, or null if there is none. The name may come from a node of
     * another release, which may know other extensions.
     */
    static @Nullable HeaderExtension named(String name) {
        for (HeaderExtension extension : values()) {
            if (extension.name().equals(name)) {
                return extension;
            }
        }
        return null;
    }

    static @Nullable HeaderExtension of(String uri) {
        for (HeaderExtension extension : values()) {
            if (extension.uri.equals(uri)) {
                return extension;
            }
        }
        return null;
    }
}
