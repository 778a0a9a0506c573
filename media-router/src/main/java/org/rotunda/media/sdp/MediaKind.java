package org.rotunda.media.sdp;

import org.rotunda.media.codec.Codec;

/** The kinds of m-lines. */
public enum MediaKind {
    AUDIO("audio"),
    VIDEO("video"),
    APPLICATION("application"),
    OTHER("");

    private final String word;

    MediaKind(String word) {
        this.word = word;
    }

    /** Returns the media type in the m-line (RFC 8866 §5.14). */
    public String word() {
        return word;
    }

    static MediaKind of(String word) {
        return switch (word) {
            case "audio" -> AUDIO;
            case "video" -> VIDEO;
            case "application" -> APPLICATION;
            default -> OTHER;
        };
    }

    static MediaKind of(Codec codec) {
        return codec.isVideo() ? VIDEO : AUDIO;
    }

    boolean isRtp() {
        return this == AUDIO || this == VIDEO;
    }
}
