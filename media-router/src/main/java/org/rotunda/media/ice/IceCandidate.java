package org.rotunda.media.ice;

/**
 * One of our host candidates (RFC 8445 §5.1, RFC 8839 §5.1): a UDP or TCP address for component 1, which carries RTP and
 * RTCP together.
 *
 * @param protocol UDP, or TCP where we listen and the client connects
 * @param foundation a name that is equal for candidates of the same kind and base
 * @param priority unsigned 31 bits; candidates of the same rank (see {@link #host}) have the same priority on all
 *     nodes, so that a client accepts the move to another node
 * @param address an IP address literal; only browsers use host names here, to hide their address
 */
public record IceCandidate(
        Protocol protocol, String foundation, int component, long priority, String address, int port) {
    private static final int COMPONENT_RTP = 1; // RTP, RTCP and data share this component (RFC 5761, RFC 9143).
    private static final int TYPE_PREFERENCE_HOST = 126; // RFC 8445 §5.1.2.2.
    private static final int LOCAL_PREFERENCE_MAX = 65535;

    /**
     * The type preference of TCP host candidates. It must be below that of every UDP candidate which can be ours, so that
     * a client uses TCP only if its UDP checks fail (RFC 6544 §4.2). Libwebrtc has the same value.
     */
    private static final int TYPE_PREFERENCE_HOST_TCP = 90;

    private static final int DIRECTION_PREFERENCE_PASSIVE = 4; // RFC 6544 §4.2, for host candidates.
    private static final int OTHER_PREFERENCE_MAX = (1 << 13) - 1; // RFC 6544 §4.2.

    /** The transport protocols of candidates. */
    public enum Protocol {
        UDP,
        /** TCP with {@code tcptype passive} (RFC 6544 §4.5): we listen, and the client opens the connection. */
        TCP_PASSIVE
    }

    public IceCandidate {
        if (!foundation.matches("[A-Za-z0-9+/]{1,32}")) {
            throw new IllegalArgumentException("foundation has 1 to 32 letters, digits, + and /: " + foundation);
        }
        if (component < 1 || component > 256) {
            throw new IllegalArgumentException("component is between 1 and 256: " + component);
        }
        if (priority < 1 || priority > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("priority is between 1 and 2^31 - 1: " + priority);
        }
        if (!address.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            throw new IllegalArgumentException("a candidate needs an IP address, not a name: " + address);
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port is between 1 and 65535: " + port);
        }
    }

    /**
     * Returns the candidate for an address. The rank is the place of the address in the configured list, counted from
     * zero. Earlier addresses are preferred.
     */
    public static IceCandidate host(String address, int port, int rank) {
        if (rank < 0 || rank > LOCAL_PREFERENCE_MAX) {
            throw new IllegalArgumentException("rank is between 0 and 65535: " + rank);
        }
        int localPreference = LOCAL_PREFERENCE_MAX - rank;
        int priority = (TYPE_PREFERENCE_HOST << 24) + (localPreference << 8) + (256 - COMPONENT_RTP);
        return new IceCandidate(Protocol.UDP, Integer.toString(rank + 1), COMPONENT_RTP, priority, address, port);
    }

    /**
     * Returns the candidate for an address at which we listen for TCP connections. The rank is as for {@link #host}. The
     * priority is below that of every UDP candidate, whatever the ranks are.
     */
    public static IceCandidate tcpPassive(String address, int port, int rank) {
        if (rank < 0 || rank > OTHER_PREFERENCE_MAX) {
            throw new IllegalArgumentException("rank is between 0 and 8191: " + rank);
        }
        int localPreference = (DIRECTION_PREFERENCE_PASSIVE << 13) + OTHER_PREFERENCE_MAX - rank;
        int priority = (TYPE_PREFERENCE_HOST_TCP << 24) + (localPreference << 8) + (256 - COMPONENT_RTP);
        // Candidates of different protocols have different foundations (RFC 8445 §5.1.1.3).
        return new IceCandidate(Protocol.TCP_PASSIVE, "tcp" + (rank + 1), COMPONENT_RTP, priority, address, port);
    }

    /** Returns the value of a trickled candidate's {@code candidate} member: {@code candidate:1 1 udp …}. */
    public String attributeValue() {
        boolean tcp = protocol == Protocol.TCP_PASSIVE;
        return "candidate:" + foundation + ' ' + component + (tcp ? " tcp " : " udp ") + priority + ' ' + address + ' '
                + port + " typ host" + (tcp ? " tcptype passive" : "");
    }

    /** Returns the SDP line for this candidate, without the line end. */
    public String sdpLine() {
        return "a=" + attributeValue();
    }
}
