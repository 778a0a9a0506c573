package org.rotunda.media.feedback;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.rotunda.media.rtcp.TransportFeedback;
import org.rotunda.media.rtcp.TransportFeedbackWriter;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * Tells a publisher which of its packets came and when (draft-holmer-rmcat-transport-wide-cc-extensions-01). Without
 * this feedback Chromium never raises its bit rate. Covers every stream of one transport. Owned by one event loop.
 *
 * <p>While packets come, a message is sent every {@link #INTERVAL_NANOS}, or sooner when {@link #PENDING_PACKETS_MAX}
 * packets wait to be reported. If a packet arrives after it was reported as lost, the next message reports this packet
 * and all packets after it.
 */
public final class TransportWideFeedback {
    /**
     * The interval between messages. With 250 ms, the queue after a drop in capacity would grow five times as long as
     * with 50 ms.
     */
    public static final long INTERVAL_NANOS = 50_000_000;

    /** The number of waiting packets at which a message is sent early. */
    static final int PENDING_PACKETS_MAX = 200;

    /** The number of packets remembered, a power of two: four seconds at 1,000 packets per second. */
    static final int WINDOW_PACKETS = 4_096;

    /** The age up to which an arrival is reported. The sender forgets older packets anyway. */
    static final long LATE_NANOS_MAX = 500_000_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final TransportFeedbackWriter writer = new TransportFeedbackWriter();
    private final long[] arrivalTicks = new long[WINDOW_PACKETS];
    private final int senderSsrc;
    private int mediaSsrc;
    private long highest = -1; // The highest extended sequence number; -1 before the first packet.
    private long nextReported; // The first packet that the next message covers.
    private int pending; // The number of packets received since the last message.
    private int feedbackCount;
    private long dueNanos = NO_DEADLINE;
    private long messages;

    public TransportWideFeedback(int senderSsrc) {
        this.senderSsrc = senderSsrc;
        Arrays.fill(arrivalTicks, NEVER);
    }

    /**
     * Records the arrival of a packet with a transport-wide sequence number. Padding and RTX packets are recorded too.
     *
     * @param mediaSsrc the SSRC of the packet's stream; the media source field of a message holds the SSRC of the
     *     latest packet
     */
    public void onPacket(int transportSequence, int mediaSsrc, long nowNanos) {
        this.mediaSsrc = mediaSsrc;
        long ticks = Math.floorDiv(nowNanos, TransportFeedback.TICK_NANOS);
        if (highest < 0) {
            highest = SequenceNumbers.first(transportSequence) - 1;
            nextReported = highest + 1;
        }
        long packet = SequenceNumbers.unwrap(transportSequence, highest);
        if (packet > highest) {
            advanceTo(packet);
        } else if (packet <= highest - WINDOW_PACKETS || arrivalTicks[slot(packet)] != NEVER) {
            return; // The packet is too old, or a duplicate. The first arrival counts.
        }
        arrivalTicks[slot(packet)] = ticks;
        nextReported = Math.min(nextReported, packet);
        pending++;
        if (pending == 1) {
            dueNanos = nowNanos + INTERVAL_NANOS;
        } else if (pending >= PENDING_PACKETS_MAX) {
            dueNanos = nowNanos;
        }
    }

    public long nextDeadlineNanos() {
        return dueNanos;
    }

    /**
     * Appends the next message that is due, or returns false if there is none. The caller repeats the call until the
     * call returns false.
     *
     * @param out the buffer, with {@link TransportFeedbackWriter#LENGTH_BYTES_MAX} writable bytes
     */
    public boolean writeDue(ByteBuf out, long nowNanos) {
        if (dueNanos > nowNanos) {
            return false;
        }
        long oldestTicks = Math.floorDiv(nowNanos - LATE_NANOS_MAX, TransportFeedback.TICK_NANOS);
        long base = Math.max(nextReported, highest - WINDOW_PACKETS + 1);
        long firstReceived = nextReceived(base, oldestTicks);
        if (firstReceived > highest) {
            settle();
            return false;
        }
        if (firstReceived - base >= TransportFeedbackWriter.STATUSES_MAX) {
            throw new IllegalStateException("the window is longer than a message");
        }
        writer.begin(base, arrivalTicks[slot(firstReceived)]);
        long packet = firstReceived;
        while (packet <= highest && writer.addReceived(packet, arrivalTicks[slot(packet)])) {
            packet = nextReceived(packet + 1, oldestTicks);
        }
        writer.writeTo(out, senderSsrc, mediaSsrc, feedbackCount);
        feedbackCount = (feedbackCount + 1) & 0xFF;
        messages++;
        nextReported = writer.nextSequence();
        if (packet > highest) {
            settle();
        }
        return true;
    }

    /** Returns the number of messages written. */
    public long messages() {
        return messages;
    }

    private void advanceTo(long packet) {
        if (packet - highest >= WINDOW_PACKETS) { // All packets known so far lie outside the new window.
            Arrays.fill(arrivalTicks, NEVER);
            nextReported = packet;
        } else {
            for (long skipped = highest + 1; skipped < packet; skipped++) {
                arrivalTicks[slot(skipped)] = NEVER;
            }
        }
        highest = packet;
    }

    private void settle() {
        nextReported = highest + 1;
        pending = 0;
        dueNanos = NO_DEADLINE;
    }

    private long nextReceived(long from, long oldestTicks) {
        long packet = from;
        while (packet <= highest && arrivalTicks[slot(packet)] < oldestTicks) {
            packet++; // The packet never arrived, or arrived so long ago that the sender has forgotten it.
        }
        return packet;
    }

    private static int slot(long packet) {
        return (int) packet & (WINDOW_PACKETS - 1);
    }
}
