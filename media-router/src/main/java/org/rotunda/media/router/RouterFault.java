package org.rotunda.media.router;

import java.util.Locale;

/** The places where a defect of ours can end one transport. The names appear in metrics. */
enum RouterFault {
    /** A command of the room, or the opening of the transport. */
    COMMAND,
    /** A datagram from the client. */
    PACKET,
    /** A packet or message of another participant that is forwarded to the client. */
    FORWARD,
    TIMEOUT,
    /** The renewal of the links between publications and subscriptions. */
    LINK,
    /** The output of the transport. */
    DRAIN,
    CLOSE;

    private final String metricName = name().toLowerCase(Locale.ROOT);

    String metricName() {
        return metricName;
    }
}
