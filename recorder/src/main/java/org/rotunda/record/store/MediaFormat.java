package org.rotunda.record.store;

/** The kinds of files in the store, with their names' ends and content types. */
public enum MediaFormat {
    MKA("mka", "audio/x-matroska"),
    MKV("mkv", "video/x-matroska"),
    MP4("mp4", "video/mp4"),
    WEBM("webm", "video/webm");

    private final String extension;
    private final String contentType;

    MediaFormat(String extension, String contentType) {
        this.extension = extension;
        this.contentType = contentType;
    }

    public String extension() {
        return extension;
    }

    public String contentType() {
        return contentType;
    }
}
