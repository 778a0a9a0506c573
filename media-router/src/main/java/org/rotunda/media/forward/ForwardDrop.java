package org.rotunda.media.forward;

/** The reasons why a packet was not forwarded. Each is counted; none is logged. */
public enum ForwardDrop {
    /** The RTP header, its padding or the payload descriptor is broken. */
    MALFORMED,
    /** The payload type is not one that was negotiated for this track. */
    UNKNOWN_PAYLOAD_TYPE,
    /** The subscription's negotiation does not have the track's codec. */
    CODEC_NOT_NEGOTIATED,
    /** The subscription is paused. */
    PAUSED,
    /** Another encoding is forwarded, or this one has not reached a key frame yet. */
    NOT_SELECTED,
    /** The key frame's timestamp would go back; another one is awaited. */
    TIMESTAMP_BEHIND,
    /** The picture is above the temporal layer to be sent. */
    TEMPORAL_LAYER,
    /** Nothing but padding: a probe between publisher and us. */
    PADDING_ONLY,
    /** Too late: older than the window, or than the key frame its encoding was switched to at. */
    LATE,
    /** Late, and no decision about its picture is remembered. */
    PICTURE_UNKNOWN,
    /** Already forwarded or dropped. */
    DUPLICATE
}
