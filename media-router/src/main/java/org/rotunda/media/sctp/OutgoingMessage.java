package org.rotunda.media.sctp;

/** A queued message, until it is confirmed or given up. Some of its fragments may be in flight. */
final class OutgoingMessage {
    // A message takes about this many bytes besides its payload. The buffer limits include them.
    static final int OVERHEAD_BYTES = 64;

    final OutgoingStream stream;
    final int protocol;
    final byte[] payload;
    final boolean unordered;
    final int retransmitsMax; // ChannelParameters.UNLIMITED means no limit.
    final long expiresAtNanos; // Long.MAX_VALUE means never.
    int ssn; // The stream sequence number is assigned with the first fragment.
    int sentBytes;
    int ackedBytes;
    boolean abandoned;

    OutgoingMessage(
            OutgoingStream stream,
            int protocol,
            byte[] payload,
            boolean unordered,
            int retransmitsMax,
            long expiresAtNanos) {
        this.stream = stream;
        this.protocol = protocol;
        this.payload = payload;
        this.unordered = unordered;
        this.retransmitsMax = retransmitsMax;
        this.expiresAtNanos = expiresAtNanos;
    }

    int chargedBytes() {
        return payload.length + OVERHEAD_BYTES;
    }

    boolean isDone() {
        return abandoned || ackedBytes == payload.length;
    }
}
