package org.rotunda.media.feedback;

import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.TransportFeedback;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The publisher's end of transport-wide feedback, against which {@link TransportWideFeedback} is tested: numbers the
 * packets of one transport and joins them with the feedback on them (draft-holmer-rmcat-transport-wide-cc-extensions-01
 * §2 and §3).
 *
 * <p>Each packet is reported to the {@link Sink} as acknowledged at most once and as lost at most once; a packet that
 * was reported as lost may be acknowledged later, if it was only reordered.
 */
final class TransportWideSendLog implements TransportFeedback.Sink {
    /** Receives the fates of the packets, in rising order within a message. */
    interface Sink {
        /**
         * @param sendNanos the time when we sent the packet
         * @param arrivalNanos the time of arrival on the receiver's clock, whose epoch is unknown; only differences
         *     mean anything
         * @param probeCluster the cluster that was given to {@link #onSent}
         */
        void onAcknowledged(long sendNanos, long arrivalNanos, int sizeBytes, int probeCluster);

        void onLost(long sendNanos, int sizeBytes, int probeCluster);

        /** Tells that all packets of one message have been reported. */
        void onFeedbackComplete(long nowNanos);
    }

    /** The probe cluster of packets that belong to no probe. */
    static final int NO_PROBE = 0;

    /**
     * The number of packets that are remembered, a power of two. It covers four seconds at 1,000 packets/s, many times
     * the delay of feedback.
     */
    static final int WINDOW_PACKETS = 4_096;

    private static final byte FREE = 0;
    private static final byte SENT = 1;
    private static final byte UNREPORTED = 2; // A later packet was reported; the report of this packet may be lost.
    private static final byte LOST = 3;

    private final Sink sink;
    private final long[] sendNanos = new long[WINDOW_PACKETS];
    private final int[] sizeBytes = new int[WINDOW_PACKETS];
    private final int[] probeCluster = new int[WINDOW_PACKETS];
    private final byte[] state = new byte[WINDOW_PACKETS];
    // This is the extended number of the next packet; all packets below have been sent.
    private long next = SequenceNumbers.EXTENDED_START;
    private long firstInFlight = next; // No packet below this number is in state SENT.
    private long inFlightBytes;
    private long reference; // This is the unwrapped 24-bit reference time of the last message.
    private boolean referenceKnown;
    private int lastFeedbackCount;
    private long messages;
    private long messagesMissed;
    private long statusesUnknown;
    private long packet; // While a message is read, this is the packet of the next status.

    public TransportWideSendLog(Sink sink) {
        this.sink = sink;
    }

    /** Remembers a packet that is sent now, and returns the 16-bit number for its extension. */
    public int onSent(int size, int cluster, long nowNanos) {
        int slot = slot(next);
        if (state[slot] == SENT) { // A whole window was sent without feedback.
            inFlightBytes -= sizeBytes[slot];
        }
        sendNanos[slot] = nowNanos;
        sizeBytes[slot] = size;
        probeCluster[slot] = cluster;
        state[slot] = SENT;
        inFlightBytes += size;
        int transportSequence = (int) (next & 0xFFFF);
        next++;
        firstInFlight = Math.max(firstInFlight, next - WINDOW_PACKETS);
        return transportSequence;
    }

    /**
     * Reads a feedback message that {@link TransportFeedback#isValid} accepted. The buffer is borrowed for the call.
     */
    public void onFeedback(RtcpCompound feedback, long nowNanos) {
        int statuses = TransportFeedback.statuses(feedback);
        long base = SequenceNumbers.unwrap(TransportFeedback.baseSequence(feedback), next - 1);
        if (base + statuses > next) { // The feedback reports packets that were never sent: ignore all of it.
            statusesUnknown += statuses;
            return;
        }
        countMissed(TransportFeedback.feedbackCount(feedback));
        int wire = TransportFeedback.referenceTime(feedback);
        reference = referenceKnown ? SequenceNumbers.unwrap(wire, reference, 24) : wire;
        referenceKnown = true;
        packet = base;
        TransportFeedback.forEach(feedback, this);
        passOver(packet);
        sink.onFeedbackComplete(nowNanos);
    }

    /** One status of the message being read; called by {@link #onFeedback}. */
    @Override
    public void onReceived(int sequenceNumber, int ticks) {
        int slot = slot(packet);
        if (!isKnown(packet++)) {
            return;
        }
        land(slot);
        state[slot] = FREE;
        long arrivalTicks = reference * TransportFeedback.TICKS_PER_REFERENCE + ticks;
        sink.onAcknowledged(
                sendNanos[slot], arrivalTicks * TransportFeedback.TICK_NANOS, sizeBytes[slot], probeCluster[slot]);
    }

    /** One status of the message being read; called by {@link #onFeedback}. */
    @Override
    public void onNotReceived(int sequenceNumber) {
        int slot = slot(packet);
        if (!isKnown(packet++) || state[slot] == LOST) {
            return;
        }
        land(slot);
        state[slot] = LOST;
        sink.onLost(sendNanos[slot], sizeBytes[slot], probeCluster[slot]);
    }

    /** Returns the bytes of the sent packets whose fate is not known yet. */
    public long inFlightBytes() {
        return inFlightBytes;
    }

    public long messages() {
        return messages;
    }

    /** Returns the number of messages that never came, computed from the gaps in their count. */
    public long messagesMissed() {
        return messagesMissed;
    }

    /**
     * Returns the number of statuses about packets that were never sent, are forgotten or were already acknowledged.
     */
    public long statusesUnknown() {
        return statusesUnknown;
    }

    private boolean isKnown(long sequence) {
        boolean known = sequence >= next - WINDOW_PACKETS && state[slot(sequence)] != FREE;
        if (!known) {
            statusesUnknown++;
        }
        return known;
    }

    private void land(int slot) {
        if (state[slot] == SENT) {
            inFlightBytes -= sizeBytes[slot];
        }
    }

    /** Ends the flight of packets that a message passed over, even if the message that reported them is lost. */
    private void passOver(long end) {
        for (; firstInFlight < end; firstInFlight++) {
            int slot = slot(firstInFlight);
            if (state[slot] == SENT) {
                inFlightBytes -= sizeBytes[slot];
                state[slot] = UNREPORTED;
            }
        }
    }

    private void countMissed(int feedbackCount) {
        if (messages > 0) {
            int step = (byte) (feedbackCount - lastFeedbackCount);
            messagesMissed += Math.max(0, step - 1);
            if (step <= 0) {
                messages++;
                return; // A later message overtook this message.
            }
        }
        messages++;
        lastFeedbackCount = feedbackCount;
    }

    private static int slot(long sequence) {
        return (int) sequence & (WINDOW_PACKETS - 1);
    }
}
