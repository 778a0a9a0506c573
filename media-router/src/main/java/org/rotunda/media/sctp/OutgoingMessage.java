package org.rotunda.media.sctp;

/** One message on its way: queued, in fragments in flight, confirmed or given up. */
final class OutgoingMessage {
    static final int OVERHEAD_BYTES = 64; // What a short message costs in objects; keeps the buffer limits honest.

    final OutgoingStream stream;
    final int protocol;
    final byte[] payload;
    final boolean unordered;
    final int retransmitsMax; // ChannelParameters.UNLIMITED: no limit.
    final long expiresAtNanos; // Long.MAX_VALUE: never.
    int ssn; // Assigned with the first fragment.
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
