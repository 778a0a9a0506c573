package org.rotunda.media.forward;

/** The reasons why a packet was not forwarded. Each drop is counted; no drop is logged. */
public enum ForwardDrop {
    /** The RTP header, its padding or the payload descriptor is broken. */
    MALFORMED,
    /** The payload type was not negotiated for this track. */
    UNKNOWN_PAYLOAD_TYPE,
    /** The subscriber did not negotiate the track's codec. */
    CODEC_NOT_NEGOTIATED,
    /** The subscription is paused. */
    PAUSED,
    /** Another encoding is forwarded, or the packet's encoding has not reached a key frame yet. */
    NOT_SELECTED,
    /** The timestamp of the key frame would go back on the egress timeline, so a later key frame is awaited. */
    TIMESTAMP_BEHIND,
    /** The picture is in a temporal layer that is not sent. */
    TEMPORAL_LAYER,
    /** The packet has only padding: it is a bandwidth probe between the publisher and this router. */
    PADDING_ONLY,
    /** The packet is older than the window, or older than the key frame at which its encoding was selected. */
    LATE,
    /** The packet is late, and the decision about its picture is no longer remembered. */
    PICTURE_UNKNOWN,
    /** The packet was already forwarded or dropped. */
    DUPLICATE,
    /** The sequence numbers jump ahead by more than the budget of skipped numbers allows. */
    SEQUENCE_JUMP
}
