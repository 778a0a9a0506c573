package org.rotunda.media.sctp;

/**
 * What another node must know of a data channel to carry it on: after a move the client keeps its channels and sends no DCEP OPEN
 * again, so stream ids are all that ties messages to labels.
 *
 * @param streamId SCTP stream id, the same in both directions
 * @param openedByPeer whether the peer sent the DCEP OPEN
 * @param acknowledged whether the peer is known to have the channel; if not, the node that adopts it repeats our OPEN (a peer that
 *     already has the channel ignores that)
 */
public record ChannelInfo(
        int streamId, String label, ChannelParameters parameters, boolean openedByPeer, boolean acknowledged) {}
