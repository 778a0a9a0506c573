package org.rotunda.record.plan;

/** The codecs of recordings. A recording has one. */
public enum SourceCodec {
    OPUS,
    PCMU,
    VP8,
    H264;

    public boolean isVideo() {
        return this == VP8 || this == H264;
    }
}
