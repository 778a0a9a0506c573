package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * Receives the events of the association and its channels, on the loop that owns the transport, from inside a call into
 * {@link DataChannels}. The methods may open and close channels and send messages; the packets for that leave with the
 * next drain.
 */
public interface DataChannelListener {
    /**
     * Called when a channel can be used. For a channel that we opened, the call means that the peer has acknowledged
     * the channel; sending was allowed before.
     */
    void onChannelOpen(int streamId, String label, ChannelParameters parameters, boolean openedByPeer);

    /** Receives one whole message, in the channel's order if it is ordered. The payload is borrowed for the call. */
    void onMessage(int streamId, ByteBuf payload, boolean binary);

    /** Called when the stream id is free again: both directions are reset, or the association has ended for good. */
    void onChannelClosed(int streamId);

    void onAssociationUp();

    /**
     * Called when the peer started over on the same association (RFC 9260 §5.2.4). Channels stay, and unacknowledged
     * messages are sent again.
     */
    default void onAssociationRestarted() {}

    /** Called when the association has ended. Each channel was closed before by a call of its own. */
    void onAssociationDown(AssociationDownReason reason);
}
