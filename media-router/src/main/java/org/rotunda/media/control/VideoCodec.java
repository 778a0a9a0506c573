package org.rotunda.media.control;

/** The video codecs that a room can allow. */
public enum VideoCodec {
    VP8,
    H264
}
