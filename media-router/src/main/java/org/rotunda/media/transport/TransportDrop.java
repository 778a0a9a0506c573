package org.rotunda.media.transport;

/** The reasons why a transport did not process a packet or a message. Their names are in metrics. */
public enum TransportDrop {
    /** A media packet that came before DTLS gave keys. */
    NO_KEYS,
    SRTP_AUTHENTICATION,
    SRTP_REPLAY,
    SRTP_MALFORMED,
    SRTP_SSRCS_MAX,
    /** A packet of a stream that no m-line announced. */
    UNKNOWN_SSRC,
    RTX_MALFORMED,
    /** A packet of padding only, sent to probe. */
    RTX_PADDING,
    RTCP_MALFORMED,
    /** A data message on a channel that the room does not know, beyond the messages that are held for it. */
    DATA_UNROUTED,
    /** A data message that a subscriber's buffer had no room for. */
    DATA_BUFFER_FULL,
    /** An unacknowledged data message beyond the limit of what is handed over to the next node. */
    DATA_NOT_HANDED_OVER,
    /** Text for a media-signaling channel that is not open. */
    CHANNEL_NOT_OPEN,
    /** More datagrams waited for one drain than a peer may make us send. */
    EGRESS_FULL,
    /** Nothing may be sent: no nominated address, or consent is gone. */
    NO_CONSENT,
    /** A subscriber asked again for a packet that is no longer kept. */
    RESEND_TOO_OLD,
    /** A subscriber asked more often than the limit allows. */
    RESEND_LIMITED
}
