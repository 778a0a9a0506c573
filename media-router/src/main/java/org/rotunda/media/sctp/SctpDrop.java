package org.rotunda.media.sctp;

import java.util.Locale;

/** Reasons why a packet, chunk or message was dropped. Drops are counted in {@link SctpStatistics}. */
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
    /** The message is longer than the limit that we announced; its channel is closed. */
    MESSAGE_TOO_LONG,
    DCEP_MALFORMED,
    DCEP_UNEXPECTED,
    /** A channel was refused because there are too many channels or because its stream id is too high. */
    CHANNEL_LIMIT,
    RESET_MALFORMED,
    RESET_UNEXPECTED,
    /** An answer of ours was not queued because too many answers were waiting. */
    CONTROL_QUEUE_FULL,
    SEND_BUFFER_FULL,
    SEND_MESSAGE_TOO_LONG,
    SEND_CHANNEL_NOT_OPEN,
    /** The message was given up at a limit of its channel (RFC 3758), or because the peer closed the channel. */
    SEND_ABANDONED;

    private final String metricName = "sctp_" + name().toLowerCase(Locale.ROOT);

    /** Returns the name of this reason in metrics. */
    String metricName() {
        return metricName;
    }
}
