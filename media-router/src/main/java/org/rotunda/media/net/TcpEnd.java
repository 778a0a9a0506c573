package org.rotunda.media.net;

import java.util.Locale;

/** The reasons why a TCP connection of a loop has ended. The names appear in metrics. */
enum TcpEnd {
    /** The client has closed the connection, or the network has broken it. */
    CLOSED_BY_CLIENT,
    /** The loop accepts no more connections in this second, so the new connection was closed at once. */
    ACCEPT_RATE,
    /** The loop has its maximum of connections, and all of them are in use, so the new connection was closed at once. */
    CONNECTIONS_MAX,
    /** The client's address has its maximum of connections, so the new connection was closed at once. */
    ADDRESS_MAX,
    /** The loop had its maximum of connections, and this one was the oldest without an authentic check. */
    GAVE_WAY,
    /** No authentic check came in time. */
    CHECK_TIMEOUT,
    /** Too many bytes came before the first authentic check. */
    CHECK_BYTES,
    /** The client has announced a packet that is too long, so the stream has no meaning. */
    MALFORMED,
    /** The transport of the client was closed, or no authentic check came for 30 s. */
    UNUSED,
    /** The client has not read for a long time. */
    STALLED,
    /** The node stops. */
    SHUTDOWN;

    private final String metricName = name().toLowerCase(Locale.ROOT);

    /** Returns the name of this reason in metrics. */
    String metricName() {
        return metricName;
    }
}
