package org.rotunda.media.transport;

/** The reasons why a transport did not process a packet or a message. The names appear in metrics. */
public enum TransportDrop {
    /** A media packet that came before DTLS gave keys. */
    NO_KEYS,
    SRTP_AUTHENTICATION,
    SRTP_REPLAY,
    SRTP_MALFORMED,
    SRTP_SSRCS_MAX,
    /** A packet of a stream that no m-line announced. */
    UNKNOWN_SSRC,
    /** A described track beyond the maximum number of tracks that a client may send. */
    RECEIVED_TRACKS_MAX,
    RTX_MALFORMED,
    /** A probing packet that contains only padding. */
    RTX_PADDING,
    RTCP_MALFORMED,
    /**
     * A data message to or from a channel that does not exist, a client's message that is not allowed on a channel of
     * ours, or a message that exceeds a limit of {@link HeldMessages}.
     */
    DATA_UNROUTED,
    /** A data message that did not fit into a subscriber's send buffer. */
    DATA_BUFFER_FULL,
    /**
     * A data message that was not passed to the next node, because the messages to pass on exceeded the limit in bytes.
     */
    DATA_NOT_HANDED_OVER,
    /** A message on a media-signaling channel that is not well-formed UTF-8. */
    SIGNALING_MALFORMED,
    /** Text for a media-signaling channel that is not open. */
    CHANNEL_NOT_OPEN,
    /** A datagram that was not sent, because the send queue was full. */
    EGRESS_FULL,
    /** A datagram that we may not send, because there are no keys, no usable address, or no consent. */
    NO_CONSENT,
    /** A subscriber's request to resend a packet that is too old or no longer kept. */
    RESEND_TOO_OLD,
    /** A subscriber's request for a resend that exceeded a limit. */
    RESEND_LIMITED
}
