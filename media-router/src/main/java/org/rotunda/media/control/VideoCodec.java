package org.rotunda.media.control;

/** Video codecs a room may allow. */
public enum VideoCodec {
    VP8,
    H264
}
