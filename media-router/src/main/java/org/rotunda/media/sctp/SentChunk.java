package org.rotunda.media.sctp;

/** A DATA chunk that has a TSN and is not cumulatively acknowledged. */
final class SentChunk {
    enum State {
        IN_FLIGHT,
        /** The chunk is probably lost and is sent again when the window allows. */
        TO_RETRANSMIT,
        /** The chunk is in a gap ack block: the peer has it, but may still withdraw the acknowledgement. */
        ACKED,
        /** The message was given up (RFC 3758), and the peer is told to skip this chunk. */
        ABANDONED
    }

    final int tsn;
    final OutgoingMessage message;
    final int offset;
    final int length; // Zero marks a placeholder for the unsent rest of a message that was given up.
    final int flags;
    State state = State.IN_FLIGHT;
    int transmissions;
    int missIndications;
    boolean fastRetransmitted;
    long sentAtNanos;

    SentChunk(int tsn, OutgoingMessage message, int offset, int length, int flags) {
        this.tsn = tsn;
        this.message = message;
        this.offset = offset;
        this.length = length;
        this.flags = flags;
    }

    /** Returns the length that congestion control counts: payload, header and padding. */
    int flightBytes() {
        return SctpPacket.padded(DataChunk.HEADER_BYTES + length);
    }
}
