package org.rotunda.media.sdp;

/** Why a text is not a session description we read. */
public enum SdpFault {
    TOO_LARGE,
    TOO_MANY_LINES,
    TOO_MANY_M_LINES,
    LINE_TOO_LONG,
    BAD_LINE,
    BAD_VERSION,
    BAD_M_LINE
}
