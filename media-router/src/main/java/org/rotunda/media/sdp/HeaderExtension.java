package org.rotunda.media.sdp;

import org.jspecify.annotations.Nullable;

/**
 * The RTP header extensions that we negotiate (RFC 8285). Video orientation is left out on purpose: without it, the
 * sending browser rotates the pictures itself.
 */
public enum HeaderExtension {
    MID("urn:ietf:params:rtp-hdrext:sdes:mid", true, true),
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

    boolean isFor(MediaKind kind) {
        return kind == MediaKind.AUDIO ? inAudio : kind == MediaKind.VIDEO && inVideo;
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
