package org.rotunda.media.sctp;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The sending half of an association: fragments messages, watches what is in flight, retransmits (RFC 9260 §6.1, §6.3, §7.2) and gives up
 * what its channel's limits say (RFC 3758 §3.5). Congestion control is {@link CongestionWindow}, queueing {@link SendQueue}.
 */
final class Sender {
    /** Well inside the peer's view of the TSN space and the 16 bits of gap ack blocks. */
    static final int OUTSTANDING_CHUNKS_MAX = 4096;

    private static final int MISS_INDICATIONS = 3; // RFC 9260 §7.2.4.

    private final SctpSettings settings;
    private final SctpStatistics statistics;
    private final SendQueue queue;
    private final RtoEstimator rto;
    private final ForwardTsn forwardTsn;
    private final ArrayDeque<SentChunk> outstanding = new ArrayDeque<>();
    private final List<OutgoingMessage> given = new ArrayList<>(); // Scratch of giveUpLost.
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

    /** A new association, or the same one restarted. What was queued or unconfirmed is sent in it. */
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

    /** A valid SACK (RFC 9260 §6.2.1). False if it acknowledges what was never sent. */
    boolean onSack(ByteBuf packet, int chunk, long nowNanos) {
        int cumulative = SackChunk.cumulativeTsn(packet, chunk);
        if (Serial.isBefore(nextTsn - 1, cumulative)) {
            return false;
        }
        if (Serial.isBefore(cumulative, cumulativeAcked)) {
            return true; // Overtaken by a newer one.
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
                    rttSample = nowNanos - first.sentAtNanos; // Karn: never from a retransmitted one.
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
            deadlineNanos = outstanding.isEmpty() ? NO_DEADLINE : nowNanos + rto.rtoNanos(); // §6.3.2, R3.
        }
        if (forwardTsn.update(outstanding, cumulativeAcked)) {
            forwardDue = true; // RFC 3758 §3.5, C3.
        }
        return true;
    }

    /** SHUTDOWN carries a cumulative TSN only. */
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

    /** True if T3-rtx expired: the association counts such time-outs. */
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
        int fastBudget = fastRetransmitDue ? settings.packetBytesMax() : 0; // §7.2.4, 3: one packet whatever cwnd says.
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
                deadlineNanos = nowNanos + rto.rtoNanos(); // §6.3.2: the earliest outstanding one restarts T3.
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
                // The last for now: a SACK that the peer delays (§6.2: up to 200 ms) would make a node that takes over
                // repeat what has long arrived.
                flags |= ChunkType.FLAG_IMMEDIATE;
            }
            SentChunk chunk = new SentChunk(nextTsn++, message, offset, length, flags);
            outstanding.addLast(chunk);
            statistics.dataChunksSent++;
            write(writer, chunk, nowNanos);
        }
    }

    /** §6.1: below cwnd, within the peer's window; with nothing in flight one chunk may go regardless, as a zero window probe. */
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

    /** Gap ack blocks: confirm, take back what the peer no longer reports, count misses. Returns newly acknowledged bytes. */
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
        // §7.2.4: misses count below the highest newly acknowledged TSN; in fast recovery, with progress, below every
        // reported one.
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
            if (sent.state == SentChunk.State.IN_FLIGHT && ++sent.missIndications >= MISS_INDICATIONS) {
                if (!sent.fastRetransmitted) { // §7.2.4: once; after that only T3 decides.
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

    /** The peer reneged (§6.2.1, D iii): the chunk counts as lost. */
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

    /** RFC 3758 §3.5: messages whose limit is reached are not sent again, nor to their end. */
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
                chunk.message.abandoned = true; // So that it is listed once.
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
            // All sent fragments may be acknowledged, then nothing would tell the peer that the rest never comes: skip
            // one TSN more.
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
