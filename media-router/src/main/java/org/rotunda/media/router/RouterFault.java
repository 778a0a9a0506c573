package org.rotunda.media.router;

import java.util.Locale;

/**
 * The places where a defect of ours can occur. The defect then ends one transport, except at {@link #RELAY}. The names of the places appear in
 * metrics.
 */
enum RouterFault {
    /** The work for a command of the room, or the opening of the transport. */
    COMMAND,
    /** The work for a datagram from the client. */
    PACKET,
    /** The forwarding of a packet or message of another participant to the client. */
    FORWARD,
    TIMEOUT,
    /** The renewal of the links between publications and subscriptions. */
    LINK,
    /** The output of the transport's datagrams. */
    DRAIN,
    CLOSE,
    /** The work for what another loop of the node has handed over. It ends no transport, but the relay of the track. */
    RELAY;

    private final String metricName = name().toLowerCase(Locale.ROOT);

    String metricName() {
        return metricName;
    }
}
