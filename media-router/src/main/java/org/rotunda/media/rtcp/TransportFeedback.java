package org.rotunda.media.rtcp;

/**
 * Reads transport-wide congestion control feedback in place (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
 *
 * <pre>
 * |      base sequence number     |      packet status count      |
 * |                 reference time                | fb pkt. count |
 * |          packet chunk         |         packet chunk          |
 * |         packet chunk          |  recv delta   |  recv delta   |
 * </pre>
 */
public final class TransportFeedback {
    /** The unit of receive deltas and arrival times: 250 µs. */
    public static final int TICK_NANOS = 250_000;

    /** The reference time counts steps of 64 ms, which are 256 ticks. */
    public static final int TICKS_PER_REFERENCE = 256;

    /**
     * The maximum number of statuses in a message. With more statuses, the order of two 16-bit sequence numbers would
     * be ambiguous. The limit also bounds the work per message.
     */
    public static final int STATUSES_MAX = 1 << 15;

    static final int FIXED_LENGTH_BYTES = FeedbackHeader.LENGTH_BYTES + 8;
    static final int NOT_RECEIVED = 0;
    static final int SMALL_DELTA = 1;
    static final int LARGE_DELTA = 2;
    static final int RUN_LENGTH_MAX = (1 << 13) - 1;
    static final int ONE_BIT_SYMBOLS = 14;
    static final int TWO_BIT_SYMBOLS = 7;

    /** Receives the status of each packet, in rising order of sequence numbers. */
    public interface Sink {
        /**
         * @param ticks the arrival time minus the reference time, in units of {@link #TICK_NANOS}; it can be less than
         *     the value of a packet with a lower sequence number
         */
        void onReceived(int sequenceNumber, int ticks);

        void onNotReceived(int sequenceNumber);
    }

    private TransportFeedback() {}

    /**
     * Returns whether the current packet is a whole feedback message whose chunks, deltas and count agree. All other
     * methods require such a message.
     */
    public static boolean isValid(RtcpCompound packet) {
        if (!FeedbackHeader.isValid(packet)
                || packet.packetType() != RtcpType.RTPFB
                || packet.count() != RtcpType.FMT_TRANSPORT_FEEDBACK
                || packet.lengthBytes() < FIXED_LENGTH_BYTES) {
            return false;
        }
        int statuses = statuses(packet);
        if (statuses == 0 || statuses > STATUSES_MAX) {
            return false;
        }
        int position = FIXED_LENGTH_BYTES;
        int deltaBytes = 0;
        for (int seen = 0; seen < statuses; position += 2) {
            if (position + 2 > packet.lengthBytes()) {
                return false;
            }
            int chunk = packet.unsignedShortAt(position);
            int symbols = Math.min(symbols(chunk), statuses - seen);
            if (hasReserved(chunk, symbols)) {
                return false;
            }
            deltaBytes += deltaBytes(chunk, symbols);
            seen += symbols;
        }
        return position + deltaBytes <= packet.lengthBytes();
    }

    public static int baseSequence(RtcpCompound packet) {
        return packet.unsignedShortAt(FeedbackHeader.LENGTH_BYTES);
    }

    public static int statuses(RtcpCompound packet) {
        return packet.unsignedShortAt(FeedbackHeader.LENGTH_BYTES + 2);
    }

    /** Returns the reference time: signed 24 bits that wrap, in steps of 64 ms. The receiver chooses the epoch. */
    public static int referenceTime(RtcpCompound packet) {
        return packet.mediumAt(FeedbackHeader.LENGTH_BYTES + 4);
    }

    /**
     * Returns the message counter, modulo 256. It rises by one per message of a transport, so a gap means lost
     * feedback.
     */
    public static int feedbackCount(RtcpCompound packet) {
        return packet.unsignedByteAt(FeedbackHeader.LENGTH_BYTES + 7);
    }

    public static void forEach(RtcpCompound packet, Sink sink) {
        int statuses = statuses(packet);
        int sequenceNumber = baseSequence(packet);
        int chunkPosition = FIXED_LENGTH_BYTES;
        int deltaPosition = deltasPosition(packet, statuses);
        int ticks = 0;
        for (int seen = 0; seen < statuses; chunkPosition += 2) {
            int chunk = packet.unsignedShortAt(chunkPosition);
            int symbols = Math.min(symbols(chunk), statuses - seen);
            for (int i = 0; i < symbols; i++) {
                int symbol = symbol(chunk, i);
                if (symbol == NOT_RECEIVED) {
                    sink.onNotReceived(sequenceNumber);
                } else {
                    boolean small = symbol == SMALL_DELTA;
                    ticks += small ? packet.unsignedByteAt(deltaPosition) : packet.shortAt(deltaPosition);
                    deltaPosition += small ? 1 : 2;
                    sink.onReceived(sequenceNumber, ticks);
                }
                sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
            }
            seen += symbols;
        }
    }

    private static int deltasPosition(RtcpCompound packet, int statuses) {
        int position = FIXED_LENGTH_BYTES;
        for (int seen = 0; seen < statuses; position += 2) {
            seen += symbols(packet.unsignedShortAt(position));
        }
        return position;
    }

    private static boolean isRunLength(int chunk) {
        return (chunk & 0x8000) == 0;
    }

    private static boolean isOneBit(int chunk) {
        return (chunk & 0x4000) == 0;
    }

    /**
     * Returns the number of statuses in a chunk. Zero is allowed: it cannot cause an endless loop, because every loop
     * over chunks advances by two bytes per chunk.
     */
    private static int symbols(int chunk) {
        if (isRunLength(chunk)) {
            return chunk & RUN_LENGTH_MAX;
        }
        return isOneBit(chunk) ? ONE_BIT_SYMBOLS : TWO_BIT_SYMBOLS;
    }

    private static int symbol(int chunk, int index) {
        if (isRunLength(chunk)) {
            return chunk >>> 13 & 3;
        }
        return isOneBit(chunk) ? chunk >>> (13 - index) & 1 : chunk >>> (12 - 2 * index) & 3;
    }

    private static boolean hasReserved(int chunk, int symbols) {
        if (isRunLength(chunk)) {
            return symbol(chunk, 0) == 3;
        }
        for (int i = 0; i < symbols; i++) {
            if (symbol(chunk, i) == 3) {
                return true;
            }
        }
        return false;
    }

    private static int deltaBytes(int chunk, int symbols) {
        if (isRunLength(chunk)) {
            return symbol(chunk, 0) * symbols; // A symbol's value is the length of its delta in bytes.
        }
        int bytes = 0;
        for (int i = 0; i < symbols; i++) {
            bytes += symbol(chunk, i);
        }
        return bytes;
    }
}
