package org.rotunda.media.rtcp;

import io.netty.buffer.ByteBuf;

/**
 * Builds one transport-wide feedback message at a time (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). Call
 * {@link #begin}, then {@link #addReceived} for each received packet in rising order, then {@link #writeTo}. Packets in
 * the gaps are reported as not received. Reusable; owned by one event loop.
 */
public final class TransportFeedbackWriter {
    /** The largest message written, in bytes. */
    public static final int LENGTH_BYTES_MAX = RtcpWriter.LENGTH_BYTES_MAX;

    /**
     * The maximum number of statuses in a message: about eight seconds at 1,000 packets/s. The limit bounds the work
     * for one gap.
     */
    public static final int STATUSES_MAX = 1 << 13;

    private final short[] chunks = new short[LENGTH_BYTES_MAX / 2];
    private final byte[] deltas = new byte[LENGTH_BYTES_MAX];
    // The symbols of the chunk that is not closed yet.
    private final byte[] open = new byte[TransportFeedback.ONE_BIT_SYMBOLS];
    private int chunkCount;
    private int deltaBytes;
    private int openSize; // The number of open symbols. Above open.length, all of them are the same.
    private boolean openAllSame;
    private boolean openHasLarge;
    private long baseSequence;
    private long nextSequence;
    private long referenceTime;
    private long lastTicks;

    /**
     * Starts a message.
     *
     * @param baseSequence the extended transport-wide sequence number of the first packet reported
     * @param firstTicks the arrival time of the first received packet, in units of {@link TransportFeedback#TICK_NANOS}
     */
    public void begin(long baseSequence, long firstTicks) {
        this.baseSequence = baseSequence;
        nextSequence = baseSequence;
        referenceTime = Math.floorDiv(firstTicks, TransportFeedback.TICKS_PER_REFERENCE);
        lastTicks = referenceTime * TransportFeedback.TICKS_PER_REFERENCE;
        chunkCount = 0;
        deltaBytes = 0;
        clearOpenChunk();
    }

    /**
     * Adds a received packet. Its sequence number must be greater than that of every packet added before.
     *
     * @return false if the packet must go into the next message, because there is no room or its delta needs more than
     *     16 bits
     */
    public boolean addReceived(long sequence, long ticks) {
        long delta = ticks - lastTicks;
        if (delta != (short) delta || sequence - baseSequence >= STATUSES_MAX || !hasRoomFor(sequence - nextSequence)) {
            return false;
        }
        for (; nextSequence < sequence; nextSequence++) {
            addSymbol(TransportFeedback.NOT_RECEIVED);
        }
        nextSequence++;
        lastTicks = ticks;
        if (delta >= 0 && delta <= 0xFF) {
            addSymbol(TransportFeedback.SMALL_DELTA);
        } else {
            addSymbol(TransportFeedback.LARGE_DELTA);
            deltas[deltaBytes++] = (byte) (delta >> 8);
        }
        deltas[deltaBytes++] = (byte) delta;
        return true;
    }

    /** Returns the extended sequence number that follows the last packet reported. */
    public long nextSequence() {
        return nextSequence;
    }

    /** Appends the message, at most {@link #LENGTH_BYTES_MAX} bytes. The next message starts with {@link #begin}. */
    public void writeTo(ByteBuf out, int senderSsrc, int mediaSsrc, int feedbackCount) {
        closeLastChunks();
        int content = TransportFeedback.FIXED_LENGTH_BYTES + 2 * chunkCount + deltaBytes;
        int padding = -content & 3;
        int start = RtcpWriter.feedbackHeader(
                out, RtcpType.FMT_TRANSPORT_FEEDBACK, RtcpType.RTPFB, content + padding, senderSsrc, mediaSsrc);
        out.writeShort((int) baseSequence).writeShort((int) (nextSequence - baseSequence));
        out.writeMedium((int) referenceTime).writeByte(feedbackCount);
        for (int i = 0; i < chunkCount; i++) {
            out.writeShort(chunks[i]);
        }
        out.writeBytes(deltas, 0, deltaBytes);
        if (padding > 0) {
            out.writeZero(padding - 1).writeByte(padding);
            out.setByte(start, out.getByte(start) | 0x20);
        }
    }

    /**
     * Returns whether there is room for {@code lost} lost packets and then a received packet with the longest delta.
     */
    private boolean hasRoomFor(long lost) {
        int chunksAfter = chunkCount + openChunksMax(lost + 1);
        return TransportFeedback.FIXED_LENGTH_BYTES + 2 * chunksAfter + deltaBytes + 2 + 3 <= LENGTH_BYTES_MAX;
    }

    /**
     * Returns an upper bound for the number of chunks that the open symbols and {@code added} further symbols need.
     * Five chunks are always enough: two for the open symbols, one run for the lost packets, and two for the remaining
     * symbols.
     */
    private int openChunksMax(long added) {
        return openSize + added > TransportFeedback.TWO_BIT_SYMBOLS ? 5 : 1;
    }

    private void addSymbol(int symbol) {
        while (!fitsOpenChunk(symbol)) {
            closeChunk();
        }
        openAllSame &= openSize == 0 || symbol == open[0];
        openHasLarge |= symbol == TransportFeedback.LARGE_DELTA;
        if (openSize < open.length) {
            open[openSize] = (byte) symbol;
        }
        openSize++;
    }

    private boolean fitsOpenChunk(int symbol) {
        if (openSize < TransportFeedback.TWO_BIT_SYMBOLS) {
            return true;
        }
        if (openSize < TransportFeedback.ONE_BIT_SYMBOLS && !openHasLarge && symbol != TransportFeedback.LARGE_DELTA) {
            return true;
        }
        return openAllSame && symbol == open[0] && openSize < TransportFeedback.RUN_LENGTH_MAX;
    }

    /**
     * Closes a chunk in the middle of the message. A vector must be full, because unused symbols would read as lost
     * packets.
     */
    private void closeChunk() {
        if (openAllSame) {
            closeRun();
        } else if (openSize == TransportFeedback.ONE_BIT_SYMBOLS) {
            closeOneBitVector();
        } else {
            closeTwoBitVector(TransportFeedback.TWO_BIT_SYMBOLS);
        }
    }

    /**
     * Closes the last chunks. The last vector may have unused symbols, because the message states the number of
     * statuses.
     */
    private void closeLastChunks() {
        if (openSize == 0) {
            return;
        }
        if (openAllSame) {
            closeRun();
        } else if (openSize <= TransportFeedback.TWO_BIT_SYMBOLS) {
            closeTwoBitVector(openSize);
        } else {
            // If a chunk is no run and has more than seven symbols, each of its symbols fits in one bit.
            closeOneBitVector();
        }
    }

    private void closeRun() {
        chunks[chunkCount++] = (short) (open[0] << 13 | openSize);
        clearOpenChunk();
    }

    private void closeOneBitVector() {
        chunks[chunkCount++] = (short) (0x8000 | packed(openSize, 1, TransportFeedback.ONE_BIT_SYMBOLS));
        clearOpenChunk();
    }

    private void closeTwoBitVector(int symbols) {
        chunks[chunkCount++] = (short) (0xC000 | packed(symbols, 2, TransportFeedback.TWO_BIT_SYMBOLS));
        int rest = openSize - symbols;
        clearOpenChunk();
        for (int i = 0; i < rest; i++) {
            // No symbol is overwritten before it is read, because the reads are ahead of the writes.
            addSymbol(open[symbols + i]);
        }
    }

    private int packed(int symbols, int bits, int capacity) {
        int packed = 0;
        for (int i = 0; i < symbols; i++) {
            packed |= open[i] << (bits * (capacity - 1 - i));
        }
        return packed;
    }

    private void clearOpenChunk() {
        openSize = 0;
        openAllSame = true;
        openHasLarge = false;
    }
}
