package org.rotunda.media.sctp;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;

/**
 * The receiving half of an association: accepts DATA and FORWARD TSN, keeps the receive window, and sends SACKs (RFC
 * 9260 §6.2, §6.7; RFC 3758 §3.6).
 */
final class Receiver {
    // The maximum number of gap blocks in a SACK, which then fits in one packet. Later SACKs report the remaining gaps.
    static final int GAP_BLOCKS_MAX = 100;

    private static final int FORWARD_TSN_HEADER_BYTES = 8;
    // The maximum number of early SACKs before one drain. Together with the SACK that the drain sends, they tell the
    // peer often enough of a loss to cause a fast retransmission.
    private static final int EARLY_SACKS_MAX = 3;
    private static final int PACKETS_PER_SACK = 2; // RFC 9260 §6.2 demands a SACK for at least every second packet.

    /** The outcomes of {@link Receiver#onData}. The association reacts to all of them except {@code HANDLED}. */
    enum Outcome {
        HANDLED,
        INVALID_STREAM,
        NO_USER_DATA,
        OUT_OF_RESOURCE
    }

    private final SctpSettings settings;
    private final SctpStatistics statistics;
    private final TsnTracker tracker = new TsnTracker();
    private final Reassembly reassembly;
    private final int[] gapOffsets = new int[2 * GAP_BLOCKS_MAX];
    private int packetsSinceSack;
    private int earlySacks;
    private boolean sackNow;
    private boolean firstData;
    private long sackDeadlineNanos = NO_DEADLINE;

    Receiver(SctpSettings settings, SctpStatistics statistics, Reassembly.Sink sink) {
        this.settings = settings;
        this.statistics = statistics;
        this.reassembly = new Reassembly(settings, sink);
    }

    void reset(int peerInitialTsn) {
        tracker.reset(peerInitialTsn);
        reassembly.reset();
        packetsSinceSack = 0;
        earlySacks = 0;
        sackNow = false;
        firstData = true;
        sackDeadlineNanos = NO_DEADLINE;
    }

    int cumulativeTsn() {
        return tracker.cumulative();
    }

    int heldBytes() {
        return reassembly.heldBytes();
    }

    Outcome onData(ByteBuf packet, int chunk) {
        int tsn = DataChunk.tsn(packet, chunk);
        int length = DataChunk.payloadLength(packet, chunk);
        if (length == 0) {
            return Outcome.NO_USER_DATA;
        }
        if ((SctpPacket.chunkFlags(packet, chunk) & ChunkType.FLAG_IMMEDIATE) != 0 || firstData) {
            sackNow = true; // The first SACK gives the peer its first round-trip time.
            firstData = false;
        }
        switch (tracker.classify(tsn)) {
            case DUPLICATE -> {
                statistics.drop(SctpDrop.DATA_DUPLICATE);
                tracker.noteDuplicate(tsn);
                sackNow = true;
                return Outcome.HANDLED;
            }
            case BEYOND_WINDOW -> {
                statistics.drop(SctpDrop.DATA_BEYOND_TSN_WINDOW);
                sackNow = true;
                return Outcome.HANDLED;
            }
            case NEW -> {}
        }
        if (!hasRoom(tsn, length)) {
            statistics.drop(SctpDrop.DATA_BEYOND_RECEIVE_WINDOW);
            sackNow = true;
            boolean isStuck = tsn == tracker.cumulative() + 1; // Only the next TSN could free the window.
            return isStuck ? Outcome.OUT_OF_RESOURCE : Outcome.HANDLED;
        }
        tracker.accept(tsn);
        if (DataChunk.streamId(packet, chunk) >= settings.streams()) {
            statistics.drop(SctpDrop.DATA_INVALID_STREAM);
            return Outcome.INVALID_STREAM;
        }
        reassembly.onData(packet, chunk);
        return Outcome.HANDLED;
    }

    /**
     * Queues an early SACK, if necessary, before a packet with DATA. The SACK reports the state before this packet. One
     * SACK after a batch of packets would report all losses at once, but the peer needs several SACKs to retransmit
     * without a time-out (§7.2.4).
     */
    void onDataPacketBegin(Replies replies) {
        if (sackNow && tracker.hasGaps() && earlySacks < EARLY_SACKS_MAX) {
            earlySacks++;
            replies.reply(ChunkType.SACK, 0, value -> writeSack(value, tracker.gapBlocks(gapOffsets)));
        }
    }

    /** Notes the end of a packet that carried DATA; called once per packet. */
    void onDataPacketEnd(long nowNanos) {
        packetsSinceSack++;
        if (packetsSinceSack >= PACKETS_PER_SACK || tracker.hasGaps()) {
            sackNow = true;
        } else if (sackDeadlineNanos == NO_DEADLINE) {
            sackDeadlineNanos = nowNanos + settings.delayedAckMs() * 1_000_000L;
        }
    }

    boolean onForwardTsn(ByteBuf packet, int chunk) {
        int length = SctpPacket.chunkLength(packet, chunk);
        if (length < FORWARD_TSN_HEADER_BYTES) {
            return false;
        }
        int tsn = packet.getInt(chunk + 4);
        sackNow = true;
        if (!Serial.isBefore(tracker.cumulative(), tsn)) {
            return true; // We have passed this TSN already; our SACK was lost.
        }
        tracker.forwardTo(tsn);
        reassembly.dropUnfinishedUpTo(tsn);
        int end = SctpPacket.chunkEnd(packet, chunk);
        for (int pair = chunk + FORWARD_TSN_HEADER_BYTES; pair + 4 <= end; pair += 4) {
            int streamId = packet.getUnsignedShort(pair);
            if (streamId < settings.streams()) {
                reassembly.skipOrder(streamId, packet.getUnsignedShort(pair + 2));
            }
        }
        return true;
    }

    void resetStream(int streamId) {
        reassembly.resetStream(streamId);
    }

    void requestSack() {
        sackNow = true;
    }

    void onTimeout(long nowNanos) {
        if (sackDeadlineNanos <= nowNanos) {
            sackNow = true;
        }
    }

    long nextDeadlineNanos() {
        return sackDeadlineNanos;
    }

    /** Writes the SACK that is due, if any. */
    void drainTo(PacketWriter writer) {
        if (!sackNow) {
            return;
        }
        int blocks = tracker.gapBlocks(gapOffsets);
        writeSack(writer.beginChunk(ChunkType.SACK, 0, 12 + 4 * (blocks + tracker.duplicateCount())), blocks);
        writer.endChunk();
        sackNow = false;
        packetsSinceSack = 0;
        earlySacks = 0;
        sackDeadlineNanos = NO_DEADLINE;
    }

    int window() {
        return Math.max(0, settings.receiveWindowBytes() - reassembly.heldBytes());
    }

    private void writeSack(ByteBuf out, int blocks) {
        int duplicates = tracker.duplicateCount();
        out.writeInt(tracker.cumulative()).writeInt(window()).writeShort(blocks).writeShort(duplicates);
        for (int i = 0; i < 2 * blocks; i++) {
            out.writeShort(gapOffsets[i]);
        }
        for (int i = 0; i < duplicates; i++) {
            out.writeInt(tracker.duplicate(i));
        }
        tracker.clearDuplicates();
    }

    /**
     * Returns whether the receive window has room for this chunk. A chunk that fills a gap may use twice the window,
     * because only such a chunk can release the data behind the gap.
     */
    private boolean hasRoom(int tsn, int length) {
        long held = (long) reassembly.heldBytes() + length + Reassembly.CHUNK_OVERHEAD_BYTES;
        boolean fillsGap = tsn == tracker.cumulative() + 1 || Serial.isBefore(tsn, tracker.highest());
        return held <= (fillsGap ? 2L : 1L) * settings.receiveWindowBytes();
    }
}
