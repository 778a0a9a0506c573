package org.rotunda.media.control;

import java.util.List;

/**
 * What the next node must know to take over a live connection: the agreed m-lines and the data channels by stream id. Keys are not
 * in it; the client renews ICE, DTLS and SCTP when it is offered the new node.
 *
 * @param revision of the last completed negotiation or outstanding offer
 * @param lastLocal the last description sent to the client
 * @param lastRemote the last description the client sent
 * @param channels open data channels, both directions
 */
public record TransportHandover(long revision, String lastLocal, String lastRemote, List<Channel> channels) {
    public TransportHandover {
        channels = List.copyOf(channels);
    }

    /**
     * One open data channel.
     *
     * @param maxRetransmits -1 if not limited
     * @param maxPacketLifeTimeMs -1 if not limited
     * @param openedByClient whether the client opened it
     */
    public record Channel(
            int streamId,
            String label,
            String protocol,
            boolean ordered,
            int maxRetransmits,
            int maxPacketLifeTimeMs,
            boolean openedByClient) {}
}
