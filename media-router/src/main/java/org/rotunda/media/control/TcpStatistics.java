package org.rotunda.media.control;

import java.util.HashMap;
import java.util.Map;

/**
 * The counters of a router's TCP connections since its start, and their current number.
 *
 * @param connections the TCP connections that are open now
 * @param checked the open TCP connections on which an authentic STUN check has come
 * @param accepted the TCP connections that were accepted, including refused connections
 * @param packetsIn the packets received by TCP; {@link MediaStatistics#packetsIn} includes them
 * @param packetsOut the packets sent by TCP; {@link MediaStatistics#packetsOut} includes them
 * @param closed the TCP connections that have ended, by the reason
 */
public record TcpStatistics(
        long connections, long checked, long accepted, long packetsIn, long packetsOut, Map<String, Long> closed) {
    /** The statistics of a router without TCP connections. */
    public static final TcpStatistics NONE = new TcpStatistics(0, 0, 0, 0, 0, Map.of());

    public TcpStatistics {
        closed = Map.copyOf(closed);
    }

    /** Returns the sums of these statistics and those of another loop. */
    public TcpStatistics plus(TcpStatistics other) {
        Map<String, Long> sums = new HashMap<>(closed);
        other.closed.forEach((reason, count) -> sums.merge(reason, count, Long::sum));
        return new TcpStatistics(
                connections + other.connections,
                checked + other.checked,
                accepted + other.accepted,
                packetsIn + other.packetsIn,
                packetsOut + other.packetsOut,
                sums);
    }
}
