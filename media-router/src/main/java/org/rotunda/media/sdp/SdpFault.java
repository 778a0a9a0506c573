package org.rotunda.media.sdp;

/** The reasons why a text cannot be read as a session description. */
public enum SdpFault {
    TOO_LARGE,
    TOO_MANY_LINES,
    TOO_MANY_M_LINES,
    LINE_TOO_LONG,
    BAD_LINE,
    BAD_VERSION,
    BAD_M_LINE
}
