package org.rotunda.media.control;

import java.util.List;

/**
 * The state that the next node needs to take over a live connection: the agreed m-lines, and the data channels by
 * stream id. The state has no keys: the client renews ICE, DTLS and SCTP when it gets the new node's offer.
 *
 * @param negotiation the state of offer and answer
 * @param channels the open data channels, whichever side opened them
 */
public record TransportHandover(NegotiationState negotiation, List<Channel> channels) {
    public TransportHandover {
        channels = List.copyOf(channels);
    }

    /**
     * One open data channel.
     *
     * @param maxRetransmits the most retransmissions of a message; -1 if not limited
     * @param maxPacketLifeTimeMs the longest time in which a message is retransmitted; -1 if not limited
     * @param openedByClient whether the client opened it
     * @param acknowledged whether the client is known to have it
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
