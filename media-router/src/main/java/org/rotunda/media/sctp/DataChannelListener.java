package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * Hears of the association and its channels, on the loop that owns the transport, from inside a call into {@link DataChannels}. It may
 * open, send and close from there; what that produces leaves with the next drain.
 */
public interface DataChannelListener {
    /** A channel can be used. For one of ours: the peer acknowledged it; sending was allowed before. */
    void onChannelOpen(int streamId, String label, ChannelParameters parameters, boolean openedByPeer);

    /** One whole message, in channel order where the channel is ordered. The payload is borrowed for the call. */
    void onMessage(int streamId, ByteBuf payload, boolean binary);

    /** Both directions are reset, or the association is gone for good: the stream id is free again. */
    void onChannelClosed(int streamId);

    void onAssociationUp();

    /** The peer started over on the same association (RFC 9260 §5.2.4): channels live on, unacknowledged messages are sent again. */
    default void onAssociationRestarted() {}

    /** No message passes any more. Channels were closed before, each with its own call. */
    void onAssociationDown(AssociationDownReason reason);
}
