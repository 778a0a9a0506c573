package org.rotunda.media.sctp;

/** A DATA chunk that has a TSN and is not cumulatively acknowledged. */
final class SentChunk {
    enum State {
        IN_FLIGHT,
        /** Lost, as far as we know; goes out again when the window allows. */
        TO_RETRANSMIT,
        /** In a gap ack block: the peer has it, though it may still take that back. */
        ACKED,
        /** Given up (RFC 3758); the peer is told to skip it. */
        ABANDONED
    }

    final int tsn;
    final OutgoingMessage message;
    final int offset;
    final int length; // Zero: a place holder for the unsent rest of a message given up.
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

    /** Padding and headers count as well, so that small messages do not escape congestion control. */
    int flightBytes() {
        return SctpPacket.padded(DataChunk.HEADER_BYTES + length);
    }
}
