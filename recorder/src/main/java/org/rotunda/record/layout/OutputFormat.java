package org.rotunda.record.layout;

import java.util.Locale;

/** The file formats of compositions: H.264 with AAC in MP4, or VP8 with Opus in WebM. */
public enum OutputFormat {
    MP4,
    WEBM;

    /** Returns the format's name in the REST API, which is also the ending of its files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the parameter {@code Format}. */
    public static OutputFormat read(String text) throws LayoutException {
        for (OutputFormat format : values()) {
            if (format.word().equals(text)) {
                return format;
            }
        }
        throw new LayoutException("Format must be mp4 or webm");
    }
}
