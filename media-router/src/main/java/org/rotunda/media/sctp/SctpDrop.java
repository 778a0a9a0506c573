package org.rotunda.media.sctp;

import java.util.Locale;

/** Why input of a peer, or a message to it, was dropped. Counted in {@link SctpStatistics}. */
public enum SctpDrop {
    PACKET_MALFORMED,
    PACKET_TOO_LONG,
    BAD_CHECKSUM,
    BAD_PORT,
    BAD_VERIFICATION_TAG,
    CHUNK_MALFORMED,
    CHUNK_UNKNOWN,
    CHUNK_UNEXPECTED,
    COOKIE_INVALID,
    COOKIE_STALE,
    DATA_DUPLICATE,
    DATA_BEYOND_TSN_WINDOW,
    DATA_BEYOND_RECEIVE_WINDOW,
    DATA_INVALID_STREAM,
    DATA_UNKNOWN_CHANNEL,
    DATA_UNKNOWN_PROTOCOL,
    /** A message longer than we announced; its channel is closed. */
    MESSAGE_TOO_LONG,
    DCEP_MALFORMED,
    DCEP_UNEXPECTED,
    /** The peer opened more channels than {@link SctpSettings#channelsMax()}. */
    CHANNEL_LIMIT,
    RESET_MALFORMED,
    RESET_UNEXPECTED,
    /** An answer we owed was not queued because too many were waiting. */
    CONTROL_QUEUE_FULL,
    SEND_BUFFER_FULL,
    SEND_MESSAGE_TOO_LONG,
    SEND_CHANNEL_NOT_OPEN,
    /** A message given up under its channel's retransmission or life-time limit (RFC 3758). */
    SEND_ABANDONED;

    private final String metricName = "sctp_" + name().toLowerCase(Locale.ROOT);

    /** As the metrics call it. */
    String metricName() {
        return metricName;
    }
}
