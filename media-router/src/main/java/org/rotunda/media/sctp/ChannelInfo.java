package org.rotunda.media.sctp;

/**
 * The facts about a data channel that another node needs to continue the channel. A client that moves to another node
 * keeps its channels and does not send DCEP OPEN again. The new node therefore needs the label of each stream id.
 *
 * @param streamId the SCTP stream id, the same in both directions
 * @param openedByPeer whether the peer sent the DCEP OPEN
 * @param acknowledged whether the peer is known to have the channel; if false, the new node sends our OPEN again
 */
public record ChannelInfo(
        int streamId, String label, ChannelParameters parameters, boolean openedByPeer, boolean acknowledged) {}
