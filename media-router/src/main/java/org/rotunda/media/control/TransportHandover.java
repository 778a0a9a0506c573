package org.rotunda.media.control;

import java.util.List;

/**
 * The state that the next node needs to continue a live connection. The state has no keys, because the client renews
 * ICE, DTLS and SCTP when it gets the next node's offer.
 *
 * @param negotiation the state of the negotiation
 * @param channels the open data channels, whichever side opened them
 */
public record TransportHandover(NegotiationState negotiation, List<Channel> channels) {
    public TransportHandover {
        channels = List.copyOf(channels);
    }

    /**
     * One open data channel.
     *
     * @param maxRetransmits the maximum number of retransmissions of a message; -1 if not limited
     * @param maxPacketLifeTimeMs the longest time in which a message is retransmitted; -1 if not limited
     * @param openedByClient true if the client has opened the channel
     * @param acknowledged true if the client is known to have the channel
     */
    public record Channel(
            int streamId,
            String label,
            String protocol,
            boolean ordered,
            int maxRetransmits,
            int maxPacketLifeTimeMs,
            boolean openedByClient,
            boolean acknowledged) {}
}
