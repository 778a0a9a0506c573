package org.rotunda.media.feedback;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * Decides which packets requested by a subscriber (RFC 4585 §6.2.1) are sent again. They are sent as RTX (RFC 4588), or
 * unchanged if RTX was not negotiated. Each subscription has one responder. Owned by one event loop.
 */
@SuppressWarnings("EnumOrdinal") // The ordinal is an index into counters of this process; it is never stored or sent.
public final class NackResponder {
    /** Rebuilds a packet and sends it again. */
    @FunctionalInterface
    public interface Resender {
        /**
         * Sends the packet again if it is still held.
         *
         * @param sequenceNumber the sequence number that the subscriber knows
         * @param rtx true to send the packet in the RTX stream, false to send it unchanged
         * @return the size of the packet in bytes, or 0 if it is gone
         */
        int resend(int sequenceNumber, boolean rtx, long nowNanos);
    }

    /**
     * The number of packets whose resends are remembered, a power of two. It equals {@link
     * PacketHistory#VIDEO_PACKETS}.
     */
    static final int WINDOW_PACKETS = 512;

    static final int RESENDS_PER_PACKET_MAX = 3;
    static final long RESEND_INTERVAL_NANOS_MIN = 10_000_000L;
    static final long RESEND_INTERVAL_NANOS_MAX = 100_000_000L;

    private final Resender resender;
    private final boolean rtx;
    private final ResendBudget budget;
    private final int[] sequences = new int[WINDOW_PACKETS]; // The sequence number in the slot; -1 means an empty slot.
    private final long[] resentNanos = new long[WINDOW_PACKETS];
    private final byte[] resends = new byte[WINDOW_PACKETS];
    private final long[] drops = new long[ResendDrop.values().length];
    private long intervalNanos = RESEND_INTERVAL_NANOS_MAX;
    private boolean awaitsKeyFrame;
    private int keyFrameSequence = -1;
    private long resent;
    private long resentBytes;

    /**
     * Makes the responder of a subscription.
     *
     * @param rtx true if the subscriber negotiated RTX
     * @param budget the budget that all subscriptions of the subscriber share
     */
    public NackResponder(boolean rtx, ResendBudget budget, Resender resender) {
        this.rtx = rtx;
        this.budget = budget;
        this.resender = resender;
        Arrays.fill(sequences, -1);
    }

    public void onRtt(long rttNanos) {
        intervalNanos = Math.max(RESEND_INTERVAL_NANOS_MIN, Math.min(RESEND_INTERVAL_NANOS_MAX, rttNanos));
    }

    /**
     * Notes that the subscriber cannot decode any more. Once the next key frame is sent, packets older than that key
     * frame are not resent.
     */
    public void onPli() {
        awaitsKeyFrame = true;
    }

    /** Notes that the first packet of a key frame is sent to the subscriber. */
    public void onKeyFrameSent(int sequenceNumber) {
        if (awaitsKeyFrame) {
            awaitsKeyFrame = false;
            keyFrameSequence = sequenceNumber;
        }
    }

    /**
     * Handles the subscriber's request for a packet.
     *
     * @param highestSent the last sequence number sent to the subscriber, to compute the packet's age
     * @return null if the packet was sent again, else the reason why it was not
     */
    public @Nullable ResendDrop onNack(int sequenceNumber, int highestSent, long nowNanos) {
        int age = SequenceNumbers.difference(highestSent, sequenceNumber);
        if (age < 0 || age >= WINDOW_PACKETS) {
            return drop(ResendDrop.TOO_OLD);
        }
        if (keyFrameSequence >= 0 && isBeforeKeyFrame(sequenceNumber, highestSent)) {
            return drop(ResendDrop.BEFORE_KEY_FRAME);
        }
        int slot = sequenceNumber & (WINDOW_PACKETS - 1);
        if (sequences[slot] != sequenceNumber) {
            sequences[slot] = sequenceNumber;
            resends[slot] = 0;
        }
        if (resends[slot] >= RESENDS_PER_PACKET_MAX) {
            return drop(ResendDrop.TOO_OFTEN);
        }
        if (resends[slot] > 0 && nowNanos - resentNanos[slot] < intervalNanos) {
            return drop(ResendDrop.TOO_SOON);
        }
        return resend(sequenceNumber, slot, nowNanos);
    }

    /** Returns the number of packets sent again. */
    public long resent() {
        return resent;
    }

    public long resentBytes() {
        return resentBytes;
    }

    public long drops(ResendDrop reason) {
        return drops[reason.ordinal()];
    }

    private boolean isBeforeKeyFrame(int sequenceNumber, int highestSent) {
        if (SequenceNumbers.difference(highestSent, keyFrameSequence) >= WINDOW_PACKETS) {
            // The key frame has left the window. Its number is forgotten, because after a wrap the number would seem
            // new again.
            keyFrameSequence = -1;
            return false;
        }
        return SequenceNumbers.isNewer(keyFrameSequence, sequenceNumber);
    }

    private @Nullable ResendDrop resend(int sequenceNumber, int slot, long nowNanos) {
        if (!budget.isLeft(nowNanos)) {
            return drop(ResendDrop.OVER_BUDGET);
        }
        int sizeBytes = resender.resend(sequenceNumber, rtx, nowNanos);
        if (sizeBytes == 0) {
            return drop(ResendDrop.GONE);
        }
        budget.charge(sizeBytes);
        resentNanos[slot] = nowNanos;
        resends[slot]++;
        resent++;
        resentBytes += sizeBytes;
        return null;
    }

    private ResendDrop drop(ResendDrop reason) {
        drops[reason.ordinal()]++;
        return reason;
    }
}
