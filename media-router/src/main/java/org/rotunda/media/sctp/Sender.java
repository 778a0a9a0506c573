package org.rotunda.media.sctp;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The sending half of an association: fragments messages, tracks the chunks in flight, retransmits (RFC 9260 §6.1,
 * §6.3, §7.2), and gives up messages at the limits of their channel (RFC 3758 §3.5). {@link CongestionWindow} controls
 * congestion, and {@link SendQueue} holds the queued messages.
 */
final class Sender {
    /** The largest number of chunks in flight, far below the 65,535 that a gap ack block can express. */
    static final int OUTSTANDING_CHUNKS_MAX = 4096;

    private static final int MISS_INDICATIONS = 3; // RFC 9260 §7.2.4.

    private final SctpSettings settings;
    private final SctpStatistics statistics;
    private final SendQueue queue;
    private final RtoEstimator rto;
    private final ForwardTsn forwardTsn;
    private final ArrayDeque<SentChunk> outstanding = new ArrayDeque<>();
    private final List<OutgoingMessage> given = new ArrayList<>(); // This list is scratch space of giveUpLost.
    private final int fragmentBytesMax;
    private CongestionWindow window;
    private boolean peerForwards;
    private int nextTsn;
    private int cumulativeAcked;
    private long peerWindowBytes;
    private long flightBytes;
    private int retransmitChunks;
    private boolean fastRetransmitDue;
    private boolean forwardDue;
    private long deadlineNanos = NO_DEADLINE;

    Sender(SctpSettings settings, SctpStatistics statistics, SendQueue queue, RtoEstimator rto) {
        this.settings = settings;
        this.statistics = statistics;
        this.queue = queue;
        this.rto = rto;
        this.forwardTsn = new ForwardTsn(settings);
        this.fragmentBytesMax = (settings.packetBytesMax() - SctpPacket.HEADER_BYTES - DataChunk.HEADER_BYTES) & ~3;
        this.window = newWindow();
    }

    /** Starts over for a new or restarted association. Queued and unconfirmed messages are sent again. */
    void begin(int initialTsn, long peerWindow, boolean peerSupportsForwardTsn) {
        outstanding.clear();
        queue.restart();
        window = newWindow();
        peerForwards = peerSupportsForwardTsn;
        nextTsn = initialTsn;
        cumulativeAcked = initialTsn - 1;
        peerWindowBytes = peerWindow;
        flightBytes = 0;
        retransmitChunks = 0;
        fastRetransmitDue = false;
        forwardDue = false;
        deadlineNanos = NO_DEADLINE;
    }

    boolean isIdle() {
        return outstanding.isEmpty() && queue.isEmpty();
    }

    int lastAssignedTsn() {
        return nextTsn - 1;
    }

    long flightBytes() {
        return flightBytes;
    }

    long windowBytes() {
        return window.bytes();
    }

    /** Handles a valid SACK (RFC 9260 §6.2.1). Returns false if it acknowledges a chunk that was never sent. */
    boolean onSack(ByteBuf packet, int chunk, long nowNanos) {
        int cumulative = SackChunk.cumulativeTsn(packet, chunk);
        if (Serial.isBefore(nextTsn - 1, cumulative)) {
            return false;
        }
        if (Serial.isBefore(cumulative, cumulativeAcked)) {
            return true; // A newer SACK has overtaken this one.
        }
        boolean advanced = cumulative != cumulativeAcked;
        boolean wasFull = flightBytes >= window.bytes();
        long rttSample = -1;
        long ackedBytes = 0;
        while (!outstanding.isEmpty() && !Serial.isBefore(cumulative, outstanding.getFirst().tsn)) {
            SentChunk first = outstanding.removeFirst();
            if (first.state != SentChunk.State.ACKED && first.state != SentChunk.State.ABANDONED) {
                ackedBytes += first.flightBytes();
                if (first.transmissions == 1) {
                    rttSample = nowNanos - first.sentAtNanos; // Karn's rule: a retransmitted chunk gives no sample.
                }
                onAcked(first);
            }
        }
        cumulativeAcked = cumulative;
        peerWindowBytes = SackChunk.windowBytes(packet, chunk);
        long gapAckedBytes = onGapBlocks(packet, chunk, advanced, nowNanos);
        if (advanced) {
            rto.onMeasurement(rttSample);
            window.onAcked(ackedBytes + gapAckedBytes, wasFull, outstanding.isEmpty(), cumulative);
            // T3 restarts, or stops when nothing is outstanding (§6.3.2, R3).
            deadlineNanos = outstanding.isEmpty() ? NO_DEADLINE : nowNanos + rto.rtoNanos();
        }
        if (forwardTsn.update(outstanding, cumulativeAcked)) {
            forwardDue = true; // The next drain sends a FORWARD TSN (RFC 3758 §3.5, C3).
        }
        return true;
    }

    /** Handles the cumulative TSN of a SHUTDOWN, which has no gap blocks. */
    void onCumulativeAck(int cumulative, long nowNanos) {
        while (!outstanding.isEmpty() && !Serial.isBefore(cumulative, outstanding.getFirst().tsn)) {
            SentChunk first = outstanding.removeFirst();
            if (first.state != SentChunk.State.ACKED && first.state != SentChunk.State.ABANDONED) {
                onAcked(first);
            }
            cumulativeAcked = first.tsn;
            deadlineNanos = outstanding.isEmpty() ? NO_DEADLINE : nowNanos + rto.rtoNanos();
        }
    }

    /** Retransmits if T3-rtx expired. Returns whether T3-rtx expired; the association counts the time-outs. */
    boolean onTimeout(long nowNanos) {
        if (nowNanos < deadlineNanos) {
            return false;
        }
        statistics.retransmissionTimeouts++;
        window.onTimeout();
        rto.backOff();
        for (SentChunk chunk : outstanding) {
            if (chunk.state == SentChunk.State.IN_FLIGHT) {
                markLost(chunk);
            }
        }
        giveUp(nowNanos);
        forwardDue = forwardTsn.update(outstanding, cumulativeAcked);
        deadlineNanos = outstanding.isEmpty() ? NO_DEADLINE : nowNanos + rto.rtoNanos();
        return true;
    }

    long nextDeadlineNanos() {
        return deadlineNanos;
    }

    void drainTo(PacketWriter writer, long nowNanos) {
        giveUp(nowNanos);
        if (forwardTsn.update(outstanding, cumulativeAcked) && forwardDue) {
            forwardTsn.writeTo(writer);
            startTimer(nowNanos);
        }
        forwardDue = false;
        retransmit(writer, nowNanos);
        if (retransmitChunks == 0) {
            sendNew(writer, nowNanos);
        }
    }

    private void retransmit(PacketWriter writer, long nowNanos) {
        if (retransmitChunks == 0) {
            return;
        }
        // One packet may leave even if cwnd is used up (§7.2.4, step 3).
        int fastBudget = fastRetransmitDue ? settings.packetBytesMax() : 0;
        fastRetransmitDue = false;
        for (SentChunk chunk : outstanding) {
            if (retransmitChunks == 0) {
                break;
            }
            if (chunk.state != SentChunk.State.TO_RETRANSMIT) {
                continue;
            }
            boolean fast = chunk.flightBytes() <= fastBudget;
            if (!fast && !mayFly(chunk.flightBytes())) {
                break;
            }
            fastBudget -= chunk.flightBytes();
            chunk.state = SentChunk.State.IN_FLIGHT;
            retransmitChunks--;
            statistics.dataChunksRetransmitted++;
            if (chunk.tsn == cumulativeAcked + 1) {
                deadlineNanos = nowNanos + rto.rtoNanos(); // Resending the earliest chunk restarts T3 (§6.3.2).
            }
            write(writer, chunk, nowNanos);
        }
    }

    private void sendNew(PacketWriter writer, long nowNanos) {
        while (outstanding.size() < OUTSTANDING_CHUNKS_MAX) {
            OutgoingMessage message = queue.peek(nowNanos);
            if (message == null) {
                return;
            }
            int length = Math.min(fragmentBytesMax, message.payload.length - message.sentBytes);
            if (!mayFly(SctpPacket.padded(DataChunk.HEADER_BYTES + length))) {
                return;
            }
            int offset = message.sentBytes;
            int flags = (offset == 0 ? ChunkType.FLAG_BEGIN : 0)
                    | (offset + length == message.payload.length ? ChunkType.FLAG_END : 0)
                    | (message.unordered ? ChunkType.FLAG_UNORDERED : 0);
            queue.advance(message, length);
            if (queue.isEmpty()) {
                // This is the last queued chunk, so we ask for a SACK at once. Without the SACK, a node that takes over
                // the client would repeat messages that the client has.
                flags |= ChunkType.FLAG_IMMEDIATE;
            }
            SentChunk chunk = new SentChunk(nextTsn++, message, offset, length, flags);
            outstanding.addLast(chunk);
            statistics.dataChunksSent++;
            write(writer, chunk, nowNanos);
        }
    }

    /**
     * Returns whether cwnd and the peer's window allow this number of additional bytes in flight (§6.1). If nothing is
     * in flight, one chunk is always allowed, as a zero window probe.
     */
    private boolean mayFly(int bytes) {
        if (flightBytes == 0) {
            return true;
        }
        return flightBytes < window.bytes() && flightBytes + bytes <= peerWindowBytes;
    }

    private void write(PacketWriter writer, SentChunk chunk, long nowNanos) {
        OutgoingMessage message = chunk.message;
        ByteBuf out = writer.beginChunk(ChunkType.DATA, chunk.flags, DataChunk.HEADER_BYTES - 4 + chunk.length);
        out.writeInt(chunk.tsn).writeShort(message.stream.streamId).writeShort(message.ssn);
        out.writeInt(message.protocol).writeBytes(message.payload, chunk.offset, chunk.length);
        writer.endChunk();
        chunk.transmissions++;
        chunk.missIndications = 0;
        chunk.sentAtNanos = nowNanos;
        flightBytes += chunk.flightBytes();
        startTimer(nowNanos);
    }

    private void startTimer(long nowNanos) {
        if (deadlineNanos == NO_DEADLINE) {
            deadlineNanos = nowNanos + rto.rtoNanos();
        }
    }

    /**
     * Handles gap ack blocks: confirms the reported chunks, withdraws the confirmation of other chunks, and counts
     * misses. Returns the newly acknowledged bytes.
     */
    private long onGapBlocks(ByteBuf packet, int chunk, boolean advanced, long nowNanos) {
        int blocks = SackChunk.gapBlocks(packet, chunk);
        int block = 0;
        long ackedBytes = 0;
        int highestNew = cumulativeAcked;
        int highestReported = cumulativeAcked;
        for (SentChunk sent : outstanding) {
            int offset = sent.tsn - cumulativeAcked;
            while (block < blocks && offset > SackChunk.gapEnd(packet, chunk, block)) {
                block++;
            }
            boolean isReported = block < blocks && offset >= SackChunk.gapStart(packet, chunk, block);
            if (isReported) {
                highestReported = sent.tsn;
            }
            if (isReported
                    && (sent.state == SentChunk.State.IN_FLIGHT || sent.state == SentChunk.State.TO_RETRANSMIT)) {
                ackedBytes += sent.flightBytes();
                highestNew = sent.tsn;
                onAcked(sent);
                sent.state = SentChunk.State.ACKED;
            } else if (!isReported && sent.state == SentChunk.State.ACKED) {
                takeBack(sent);
            }
        }
        // Unacknowledged chunks below this TSN get a miss indication. This TSN is normally the highest newly
        // acknowledged TSN. In fast recovery, if the cumulative TSN advanced, it is the highest reported TSN (§7.2.4).
        int missedBelow = advanced && window.isInFastRecovery() ? highestReported : highestNew;
        if (missedBelow != cumulativeAcked) {
            countMisses(missedBelow, nowNanos);
        }
        return ackedBytes;
    }

    private void countMisses(int missedBelow, long nowNanos) {
        boolean found = false;
        for (SentChunk sent : outstanding) {
            if (!Serial.isBefore(sent.tsn, missedBelow)) {
                break;
            }
            // A chunk is fast retransmitted only once. To be sent once more, it must wait until T3 expires (§7.2.4).
            if (sent.state == SentChunk.State.IN_FLIGHT && ++sent.missIndications >= MISS_INDICATIONS) {
                if (!sent.fastRetransmitted) {
                    sent.fastRetransmitted = true;
                    markLost(sent);
                    found = true;
                }
            }
        }
        if (found) {
            fastRetransmitDue = !window.isInFastRecovery();
            window.onFastRetransmit(nextTsn - 1);
            giveUp(nowNanos);
        }
    }

    private void onAcked(SentChunk chunk) {
        if (chunk.state == SentChunk.State.TO_RETRANSMIT) {
            retransmitChunks--;
        } else {
            flightBytes -= chunk.flightBytes();
        }
        chunk.message.ackedBytes += chunk.length;
        queue.settle(chunk.message.stream);
    }

    /** Marks a chunk as lost after the peer withdrew its acknowledgement (§6.2.1, D iii). */
    private void takeBack(SentChunk chunk) {
        chunk.state = SentChunk.State.TO_RETRANSMIT;
        retransmitChunks++;
        chunk.message.ackedBytes -= chunk.length;
    }

    private void markLost(SentChunk chunk) {
        chunk.state = SentChunk.State.TO_RETRANSMIT;
        flightBytes -= chunk.flightBytes();
        retransmitChunks++;
    }

    /** Gives up messages whose limit is reached. No part of such a message is sent any more (RFC 3758 §3.5). */
    private void giveUp(long nowNanos) {
        if (!peerForwards) {
            return;
        }
        boolean anyGiven = retransmitChunks > 0 && giveUpLost(nowNanos);
        OutgoingMessage partlySent = queue.peek(nowNanos);
        if (partlySent != null && partlySent.sentBytes > 0 && nowNanos >= partlySent.expiresAtNanos) {
            abandon(partlySent);
            anyGiven = true;
        }
        if (anyGiven) {
            forwardDue = true;
            skipAbandoned();
        }
    }

    private boolean giveUpLost(long nowNanos) {
        given.clear();
        for (SentChunk chunk : outstanding) {
            if (chunk.state == SentChunk.State.TO_RETRANSMIT && !chunk.message.abandoned && isSpent(chunk, nowNanos)) {
                chunk.message.abandoned = true; // So the message is added once, even if several of its chunks are lost.
                given.add(chunk.message);
            }
        }
        for (OutgoingMessage message : given) {
            abandon(message);
        }
        return !given.isEmpty();
    }

    private static boolean isSpent(SentChunk chunk, long nowNanos) {
        OutgoingMessage message = chunk.message;
        boolean retransmittedOut =
                message.retransmitsMax != ChannelParameters.UNLIMITED && chunk.transmissions > message.retransmitsMax;
        return retransmittedOut || nowNanos >= message.expiresAtNanos;
    }

    private void abandon(OutgoingMessage message) {
        if (queue.abandon(message)) {
            // The peer must learn that the unsent fragments of this message will not come. FORWARD TSN can skip only a
            // TSN that is not yet acknowledged, but all sent fragments may be acknowledged. So one more TSN stands for
            // the unsent fragments and is skipped.
            SentChunk rest = new SentChunk(nextTsn++, message, message.payload.length, 0, 0);
            rest.state = SentChunk.State.ABANDONED;
            outstanding.addLast(rest);
        }
    }

    private void skipAbandoned() {
        for (SentChunk chunk : outstanding) {
            if (chunk.message.abandoned) {
                switch (chunk.state) {
                    case IN_FLIGHT -> flightBytes -= chunk.flightBytes();
                    case TO_RETRANSMIT -> retransmitChunks--;
                    case ACKED, ABANDONED -> {}
                }
                chunk.state = SentChunk.State.ABANDONED;
            }
        }
    }

    private CongestionWindow newWindow() {
        return new CongestionWindow(settings.packetBytesMax(), settings.sendBufferBytesMax());
    }
}
