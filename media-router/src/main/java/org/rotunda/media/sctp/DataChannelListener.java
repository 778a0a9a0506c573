package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * Receives the events of the association and its channels. The methods are called on the loop that owns the transport,
 * from inside a call into {@link DataChannels}. A method may open and close channels and send messages; the resulting
 * packets leave with the next drain.
 */
public interface DataChannelListener {
    /**
     * Called when a channel is open. If we opened the channel, the peer has now acknowledged it. Messages can be sent
     * even before the acknowledgement.
     */
    void onChannelOpen(int streamId, String label, ChannelParameters parameters, boolean openedByPeer);

    /**
     * Receives one whole message. An ordered channel delivers its messages in order. The payload is borrowed for the
     * call.
     */
    void onMessage(int streamId, ByteBuf payload, boolean binary);

    /** Called when the stream id is free again: both directions are reset, or the association has ended. */
    void onChannelClosed(int streamId);

    void onAssociationUp();

    /**
     * Called when the peer has restarted the association (RFC 9260 §5.2.4). Channels stay, and unacknowledged messages
     * are sent again.
     */
    default void onAssociationRestarted() {}

    /** Called when the association has ended. {@link #onChannelClosed} has already been called for each channel. */
    void onAssociationDown(AssociationDownReason reason);
}
