package org.rotunda.media.ice;

/**
 * One of our host candidates (RFC 8445 §5.1, RFC 8839 §5.1): a UDP address for component 1, which carries RTP and RTCP
 * together.
 *
 * @param foundation a name that is equal for candidates of the same kind and base
 * @param priority unsigned 31 bits; candidates of the same rank (see {@link #host}) have the same priority on all
 *     nodes, so that a client accepts the move to another node
 * @param address an IP address literal; only browsers use host names here, to hide their address
 */
public record IceCandidate(String foundation, int component, long priority, String address, int port) {
    private static final int COMPONENT_RTP = 1; // RTP, RTCP and data share this component (RFC 5761, RFC 9143).
    private static final int TYPE_PREFERENCE_HOST = 126; // RFC 8445 §5.1.2.2.
    private static final int LOCAL_PREFERENCE_MAX = 65535;

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
        return new IceCandidate(Integer.toString(rank + 1), COMPONENT_RTP, priority, address, port);
    }

    /** Returns the value of a trickled candidate's {@code candidate} member: {@code candidate:1 1 udp …}. */
    public String attributeValue() {
        return "candidate:" + foundation + ' ' + component + " udp " + priority + ' ' + address + ' ' + port
                + " typ host";
    }

    /** Returns the SDP line for this candidate, without the line end. */
    public String sdpLine() {
        return "a=" + attributeValue();
    }
}
