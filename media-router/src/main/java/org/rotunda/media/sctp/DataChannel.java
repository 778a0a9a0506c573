package org.rotunda.media.sctp;

/** The state of one channel. Its stream id stays taken until both directions are reset (RFC 8831 §6.7). */
final class DataChannel {
    final int streamId;
    final String label;
    final ChannelParameters parameters;
    final boolean openedByPeer;

    /**
     * True if the peer is known to have the channel. Until then even unordered channels send in order (RFC 8832 §6).
     */
    boolean acknowledged;

    boolean closing;
    boolean outgoingReset;
    boolean incomingReset;

    DataChannel(int streamId, String label, ChannelParameters parameters, boolean openedByPeer, boolean acknowledged) {
        this.streamId = streamId;
        this.label = label;
        this.parameters = parameters;
        this.openedByPeer = openedByPeer;
        this.acknowledged = acknowledged;
    }

    ChannelInfo info() {
        return new ChannelInfo(streamId, label, parameters, openedByPeer, acknowledged);
    }
}
