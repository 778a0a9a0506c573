package org.rotunda.media.sctp;

/**
 * The facts about a data channel that another node needs to continue the channel. After a move the client keeps its
 * channels and sends no DCEP OPEN again, so only stream ids connect messages to labels.
 *
 * @param streamId SCTP stream id, the same in both directions
 * @param openedByPeer whether the peer sent the DCEP OPEN
 * @param acknowledged whether the peer is known to have the channel; if not, the node that adopts it repeats our OPEN
 *     (a peer that already has the channel ignores the OPEN)
 */
public record ChannelInfo(
        int streamId, String label, ChannelParameters parameters, boolean openedByPeer, boolean acknowledged) {}
