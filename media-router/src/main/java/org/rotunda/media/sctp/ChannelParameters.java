package org.rotunda.media.sctp;

/**
 * The delivery rules of a data channel (RFC 8832 §5.1). At most one of the two limits may be set. If both limits are
 * {@link #UNLIMITED}, the channel is reliable.
 *
 * @param ordered whether messages arrive in the order they were sent
 * @param maxRetransmits the number of times that a message may be sent again, or {@link #UNLIMITED}
 * @param maxPacketLifeTimeMs the time in milliseconds during which a message may be sent or sent again, or {@link
 *     #UNLIMITED}
 * @param protocol the subprotocol, empty when there is none
 */
public record ChannelParameters(boolean ordered, int maxRetransmits, int maxPacketLifeTimeMs, String protocol) {
    public static final int UNLIMITED = -1;

    /** Ordered and reliable delivery without a subprotocol. */
    public static final ChannelParameters RELIABLE = new ChannelParameters(true, UNLIMITED, UNLIMITED, "");

    public ChannelParameters {
        if (maxRetransmits < UNLIMITED || maxPacketLifeTimeMs < UNLIMITED) {
            throw new IllegalArgumentException("limits are -1 or more: " + maxRetransmits + ", " + maxPacketLifeTimeMs);
        }
        if (maxRetransmits != UNLIMITED && maxPacketLifeTimeMs != UNLIMITED) {
            throw new IllegalArgumentException(
                    "retransmits and life time are both limited (RFC 8832 §5.1 has no such type)");
        }
    }

    public boolean isReliable() {
        return maxRetransmits == UNLIMITED && maxPacketLifeTimeMs == UNLIMITED;
    }
}
